package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import run.endive.compiler.internal.Shaded;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.internal.CompilerInterpreterMachine;

/**
 * Rewrites the classes Endive generates. Every function gets a stop check at its entry and, where
 * Endive looks at the thread's interrupt, at its back edges: that covers loops, recursion and tail
 * calls. Helper calls go to {@link GuestSupport} where it has them, else to Endive's one shared
 * class instead of a copy in each module. Machines extend {@link GuestMachine}, and the interpreter
 * for functions too large to compile is ours.
 */
final class GuardPass {
  /** Changes when the output of this pass does: part of the cache's key. */
  static final int VERSION = 2;

  private static final String SUPPORT = Type.getInternalName(GuestSupport.class);
  private static final String SHARED = Type.getInternalName(Shaded.class);
  private static final String MACHINE = Type.getInternalName(GuestMachine.class);
  private static final String THEIR_INTERPRETER =
      Type.getInternalName(CompilerInterpreterMachine.class);
  private static final String OUR_INTERPRETER = Type.getInternalName(GuestInterpreter.class);
  private static final Type MEMORY = Type.getType(Memory.class);
  private static final Type INSTANCE = Type.getType(Instance.class);

  /** Name and descriptor of all helpers we have. */
  private static final Set<String> OURS =
      Arrays.stream(GuestSupport.class.getMethods())
          .map(m -> m.getName() + Type.getMethodDescriptor(m))
          .collect(Collectors.toUnmodifiableSet());

  private final String mainClass;
  private final String shaded;
  private final boolean hasMemory;
  private final @Nullable TrapPoints points;

  /**
   * @param mainClass name of the generated machine class, with dots
   * @param hasMemory whether the module has a memory of index 0
   * @param points where lines are known: then Java's stack shall tell instructions apart
   */
  GuardPass(String mainClass, boolean hasMemory, @Nullable TrapPoints points) {
    this.points = points;
    this.mainClass = mainClass.replace('.', '/');
    this.shaded = this.mainClass + "Shaded";
    this.hasMemory = hasMemory;
  }

  /** The classes to define, by name with dots. */
  Map<String, byte[]> apply(Map<String, byte[]> generated) {
    Map<String, byte[]> result = new TreeMap<>();
    generated.forEach(
        (name, bytes) -> {
          if (!name.replace('.', '/').equals(shaded)) {
            result.put(name.replace('/', '.'), rewrite(bytes));
          }
        });
    return result;
  }

  private byte[] rewrite(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(0);
    Map<String, int[]> addresses = points == null ? Map.of() : new TrapLines(points).of(reader);
    reader.accept(new Classes(writer, addresses), 0);
    return writer.toByteArray();
  }

  private final class Classes extends ClassVisitor {
    private final Map<String, int[]> addresses;
    private boolean isMachine;

    Classes(ClassVisitor next, Map<String, int[]> addresses) {
      super(Opcodes.ASM9, next);
      this.addresses = addresses;
    }

    @Override
    public void visit(
        int version, int access, String name, String signature, String parent, String[] faces) {
      isMachine = name.equals(mainClass);
      super.visit(version, access, name, signature, isMachine ? MACHINE : parent, faces);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      int[] lines = addresses.get(name);
      Code code = new Code(next, access, name, descriptor, isMachine);
      return lines == null ? code : new TrapLines.Numbers(code, lines);
    }
  }

  private final class Code extends MethodVisitor {
    private final boolean checkEntry;
    private final boolean isMachineConstructor;
    private int memorySlot = -1;
    private int instanceSlot = -1;

    Code(MethodVisitor next, int access, String name, String descriptor, boolean ofMachine) {
      super(Opcodes.ASM9, next);
      boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
      checkEntry = isStatic && name.startsWith("func_");
      isMachineConstructor = ofMachine && name.equals("<init>");
      int slot = isStatic ? 0 : 1;
      for (Type parameter : Type.getArgumentTypes(descriptor)) {
        if (parameter.equals(MEMORY)) {
          memorySlot = slot;
        } else if (parameter.equals(INSTANCE)) {
          instanceSlot = slot;
        }
        slot += parameter.getSize();
      }
    }

    @Override
    public void visitCode() {
      super.visitCode();
      if (checkEntry) {
        check();
      }
    }

    private void check() {
      boolean byMemory = hasMemory && memorySlot >= 0;
      int slot = byMemory ? memorySlot : instanceSlot;
      if (slot < 0) {
        throw new IllegalStateException("generated code asks for a check without an instance");
      }
      super.visitVarInsn(Opcodes.ALOAD, slot);
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          SUPPORT,
          "check",
          Type.getMethodDescriptor(Type.VOID_TYPE, byMemory ? MEMORY : INSTANCE),
          false);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      super.visitTypeInsn(opcode, type.equals(THEIR_INTERPRETER) ? OUR_INTERPRETER : type);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      if (owner.equals(shaded)) {
        helper(name, descriptor);
      } else if (isMachineConstructor
          && owner.equals("java/lang/Object")
          && name.equals("<init>")) {
        super.visitMethodInsn(opcode, MACHINE, name, descriptor, false);
      } else if (owner.equals(THEIR_INTERPRETER) && name.equals("<init>")) {
        super.visitMethodInsn(opcode, OUR_INTERPRETER, name, descriptor, false);
      } else {
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      }
    }

    private void helper(String name, String descriptor) {
      if (name.equals("checkInterruption")) {
        // Calls are covered by the entry of what they call; what remains are back edges.
        if (!checkEntry && instanceSlot < 0) {
          return;
        }
        check();
        return;
      }
      if (OURS.contains(name + descriptor)) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, SUPPORT, name, descriptor, false);
        return;
      }
      String withInstance = descriptor.replace(")", INSTANCE.getDescriptor() + ")");
      if (instanceSlot >= 0 && OURS.contains(name + withInstance)) {
        super.visitVarInsn(Opcodes.ALOAD, instanceSlot);
        super.visitMethodInsn(Opcodes.INVOKESTATIC, SUPPORT, name, withInstance, false);
        return;
      }
      super.visitMethodInsn(Opcodes.INVOKESTATIC, SHARED, name, descriptor, false);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      super.visitMaxs(maxStack + 2, maxLocals);
    }
  }
}
