package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.Field;
import io.wattle.runtime.engine.endive.split.Spill;
import io.wattle.runtime.engine.endive.split.Splitter;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
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
  /**
   * Changes when the output of this pass, or what is split before it, does: part of the cache's
   * key.
   */
  static final int VERSION = 7;

  /** HotSpot compiles no method with more bytes of bytecode, unless told to. */
  static final int HUGE = 8000;

  private static final String FUNCTION = "func_";
  private static final String SPILL = Type.getInternalName(Spill.class);
  private static final String SUPPORT = Type.getInternalName(GuestSupport.class);
  private static final String FLAT_SUPPORT = Type.getInternalName(FlatSupport.class);
  private static final String SHARED = Type.getInternalName(Shaded.class);
  private static final String MACHINE = Type.getInternalName(GuestMachine.class);
  private static final String THEIR_INTERPRETER =
      Type.getInternalName(CompilerInterpreterMachine.class);
  private static final String OUR_INTERPRETER = Type.getInternalName(GuestInterpreter.class);
  private static final Type MEMORY = Type.getType(Memory.class);
  private static final Type INSTANCE = Type.getType(Instance.class);

  /** Name and descriptor of all helpers we have. */
  private static final Set<String> OURS = methods(GuestSupport.class);

  /** Those that there are for flat memories too. */
  private static final Set<String> OURS_FLAT = methods(FlatSupport.class);

  private final String mainClass;
  private final String shaded;
  private final boolean hasMemory;
  private final boolean isFlat;
  private final @Nullable TrapPoints points;
  private final Map<Integer, Integer> parts;
  private final Map<Integer, Field> fields;

  /**
   * @param mainClass name of the generated machine class, with dots
   * @param hasMemory whether the module has a memory of index 0
   * @param isFlat whether its memories are flat
   * @param points where lines are known: then Java's stack shall tell instructions apart
   * @param split which functions were cut out of others, and which are accesses to fields
   */
  GuardPass(
      String mainClass,
      boolean hasMemory,
      boolean isFlat,
      @Nullable TrapPoints points,
      Splitter.Result split) {
    this.points = points;
    this.parts = split.parts();
    this.fields = split.accessors();
    this.mainClass = mainClass.replace('.', '/');
    this.shaded = this.mainClass + "Shaded";
    this.hasMemory = hasMemory;
    this.isFlat = isFlat;
  }

  private static Set<String> methods(Class<?> of) {
    return Arrays.stream(of.getMethods())
        .map(m -> m.getName() + Type.getMethodDescriptor(m))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The classes to define, by name with dots. */
  Map<String, byte[]> apply(Map<String, byte[]> generated) {
    Map<String, byte[]> result = new TreeMap<>();
    generated.forEach(
        (name, bytes) -> {
          if (!name.replace('.', '/').equals(shaded)) {
            byte[] guarded = DispatchPass.apply(rewrite(bytes), HUGE);
            result.put(name.replace('/', '.'), guarded);
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
      MethodVisitor next =
          super.visitMethod(access, nameOf(name), descriptor, signature, exceptions);
      int[] lines = addresses.get(name);
      Code code = new Code(next, access, name, descriptor, isMachine);
      return lines == null ? code : new TrapLines.Numbers(code, lines);
    }
  }

  /** Index of the function whose code a method has, -1 for other methods. */
  private static int functionOf(String method) {
    return method.startsWith(FUNCTION) ? Integer.parseInt(method.substring(FUNCTION.length())) : -1;
  }

  /** What was cut out of a function is named after it: {@code func_7_part_9000}. */
  private String nameOf(String method) {
    int function = functionOf(method);
    Integer parent = function < 0 ? null : parts.get(function);
    return parent == null ? method : FUNCTION + parent + "_part_" + function;
  }

  private final class Code extends MethodVisitor {
    /** Whether a check was left out that a jump back would need. */
    private boolean pending;

    private final boolean isFunction;
    private final boolean checkEntry;
    private final boolean isMachineConstructor;
    private int memorySlot = -1;
    private int instanceSlot = -1;

    Code(MethodVisitor next, int access, String name, String descriptor, boolean ofMachine) {
      super(Opcodes.ASM9, next);
      boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
      isFunction = isStatic && name.startsWith(FUNCTION);
      // A part is entered from its function only, and goes in circles only by way of a check.
      checkEntry = isFunction && !parts.containsKey(functionOf(name));
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
          byMemory && isFlat ? FLAT_SUPPORT : SUPPORT,
          "check",
          Type.getMethodDescriptor(Type.VOID_TYPE, byMemory ? MEMORY : INSTANCE),
          false);
    }

    // Endive looks at the thread's interrupt before calls and jumps back. A call is covered by the
    // entry of what it calls: only before a jump does the check stay.

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      if (pending) {
        pending = false;
        check();
      }
      super.visitJumpInsn(opcode, label);
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label byDefault, Label... labels) {
      if (pending) {
        pending = false;
        check();
      }
      super.visitTableSwitchInsn(min, max, byDefault, labels);
    }

    @Override
    public void visitVarInsn(int opcode, int slot) {
      pending = false;
      super.visitVarInsn(opcode, slot);
    }

    @Override
    public void visitInsn(int opcode) {
      pending = false;
      super.visitInsn(opcode);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      pending = false;
      super.visitIntInsn(opcode, operand);
    }

    @Override
    public void visitLdcInsn(Object value) {
      pending = false;
      super.visitLdcInsn(value);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      pending = false;
      super.visitTypeInsn(opcode, type.equals(THEIR_INTERPRETER) ? OUR_INTERPRETER : type);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      pending = false;
      if (owner.equals(shaded)) {
        helper(name, descriptor);
      } else if (name.startsWith(FUNCTION)) {
        call(opcode, owner, name, descriptor, isInterface);
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

    private void call(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      Field field = fields.get(functionOf(name));
      if (field == null) {
        super.visitMethodInsn(opcode, owner, nameOf(name), descriptor, isInterface);
        return;
      }
      // On the operand stack: the value to be written, memory, instance.
      if (hasMemory) {
        super.visitInsn(Opcodes.POP);
        super.visitTypeInsn(Opcodes.CHECKCAST, SPILL);
      } else {
        super.visitInsn(Opcodes.SWAP);
        super.visitInsn(Opcodes.POP);
        super.visitMethodInsn(
            Opcodes.INVOKESTATIC, SUPPORT, "spill", "(" + INSTANCE + ")L" + SPILL + ";", false);
      }
      if (!field.write()) {
        super.visitFieldInsn(Opcodes.GETFIELD, SPILL, field.name(), field.descriptor());
        return;
      }
      if (field.wide()) {
        super.visitInsn(Opcodes.DUP_X2);
        super.visitInsn(Opcodes.POP);
      } else {
        super.visitInsn(Opcodes.SWAP);
      }
      super.visitFieldInsn(Opcodes.PUTFIELD, SPILL, field.name(), field.descriptor());
    }

    private void helper(String name, String descriptor) {
      if (name.equals("checkInterruption")) {
        pending = isFunction;
        return;
      }
      if (OURS.contains(name + descriptor)) {
        String owner = isFlat && OURS_FLAT.contains(name + descriptor) ? FLAT_SUPPORT : SUPPORT;
        super.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
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
