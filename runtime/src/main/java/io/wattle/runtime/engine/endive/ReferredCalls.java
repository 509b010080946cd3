package io.wattle.runtime.engine.endive;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import run.endive.runtime.Instance;

/**
 * Lets a method for indirect calls, which {@code call_ref} goes by too (without a table), tell the
 * instance's own functions from those of others: Endive takes what it is given for the index of an
 * own one. The others are called like another instance's that was found in a table.
 */
final class ReferredCalls extends MethodVisitor {
  private static final String SUPPORT = Type.getInternalName(ReferenceSupport.class);
  private static final String INSTANCE = Type.getDescriptor(Instance.class);
  private final Label elsewhere = new Label();

  /** What {@code elsewhere} takes the place of. */
  private Label other = elsewhere;

  // Slots, as Endive numbers them.
  private final int reference;
  private final int instance;
  private final int table;
  private final int function;
  private final int owner;

  private boolean isLoaded;
  private boolean isReferred;
  private boolean isPending;

  /**
   * @param memory the slot of the memory among the parameters
   */
  ReferredCalls(MethodVisitor to, int memory) {
    super(Opcodes.ASM9, to);
    reference = memory - 2;
    instance = memory + 1;
    table = memory + 2;
    function = memory + 3;
    owner = memory + 4;
  }

  private void support(String name, String result) {
    super.visitVarInsn(Opcodes.ALOAD, instance);
    super.visitMethodInsn(
        Opcodes.INVOKESTATIC, SUPPORT, name, "(I" + INSTANCE + ")" + result, false);
  }

  @Override
  public void visitVarInsn(int opcode, int slot) {
    if (isLoaded && opcode == Opcodes.ISTORE && slot == function) {
      support("ownFunction", "I");
      isReferred = true;
    }
    isLoaded = opcode == Opcodes.ILOAD && slot == reference;
    super.visitVarInsn(opcode, slot);
  }

  @Override
  public void visitMethodInsn(
      int opcode, String of, String name, String descriptor, boolean isInterface) {
    isLoaded = false;
    super.visitMethodInsn(opcode, of, name, descriptor, isInterface);
  }

  @Override
  public void visitJumpInsn(int opcode, Label label) {
    if (isReferred && opcode == Opcodes.GOTO) {
      isReferred = false;
      isPending = true;
      super.visitVarInsn(Opcodes.ILOAD, function);
      super.visitJumpInsn(Opcodes.IFGE, label);
      super.visitVarInsn(Opcodes.ILOAD, reference);
      support("foreigner", INSTANCE);
      super.visitVarInsn(Opcodes.ASTORE, owner);
      super.visitVarInsn(Opcodes.ILOAD, reference);
      support("foreignFunction", "I");
      super.visitVarInsn(Opcodes.ISTORE, function);
      super.visitInsn(Opcodes.ACONST_NULL);
      super.visitVarInsn(Opcodes.ASTORE, table);
      super.visitJumpInsn(Opcodes.GOTO, elsewhere);
      return;
    }
    if (isPending && opcode == Opcodes.IF_ACMPNE) {
      isPending = false;
      super.visitJumpInsn(opcode, elsewhere);
      other = label;
      return;
    }
    super.visitJumpInsn(opcode, label);
  }

  /** Where calls of other instances' functions begin. */
  @Override
  public void visitLabel(Label label) {
    super.visitLabel(label.equals(other) ? elsewhere : label);
  }

  @Override
  public void visitEnd() {
    if (isReferred || isPending) {
      throw new IllegalStateException("call_ref is not translated as expected");
    }
    super.visitEnd();
  }
}
