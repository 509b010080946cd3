package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.scalar.Floats;
import io.wattle.runtime.engine.endive.split.Field;
import io.wattle.runtime.engine.endive.split.Lowered;
import io.wattle.runtime.engine.endive.split.Spill;
import io.wattle.runtime.engine.endive.split.Splitter;
import io.wattle.runtime.engine.endive.split.StandIn;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;
import run.endive.compiler.internal.Shaded;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.OpcodeImpl;
import run.endive.runtime.TableInstance;
import run.endive.runtime.internal.CompilerInterpreterMachine;

/**
 * Rewrites the classes Endive generates. Every function gets a stop check at its entry, before what
 * takes long, and in its loops ({@link StripMining}): that covers recursion and tail calls too.
 * Helper calls go to {@link GuestSupport} where it has them, else to Endive's one shared class
 * instead of a copy in each module. Machines extend {@link GuestMachine}, and the interpreter for
 * functions too large to compile is ours.
 */
final class GuardPass {
  /**
   * Changes when the output of this pass, or what is split before it, does: part of the cache's
   * key.
   */
  static final int VERSION = 23;

  /** HotSpot compiles no method with more bytes of bytecode, unless told to. */
  static final int HUGE = 8000;

  private static final String FUNCTION = "func_";
  private static final String SPILL = Type.getInternalName(Spill.class);
  private static final String SUPPORT = Type.getInternalName(GuestSupport.class);
  private static final String FLAT_SUPPORT = Type.getInternalName(FlatSupport.class);
  private static final String OBJECTS = Type.getInternalName(ObjectSupport.class);
  private static final String FLOATS = Type.getInternalName(Floats.class);
  private static final String OPCODES = Type.getInternalName(OpcodeImpl.class);
  private static final String SHARED = Type.getInternalName(Shaded.class);
  private static final String MACHINE = Type.getInternalName(GuestMachine.class);
  private static final String CALLING_MACHINE = Type.getInternalName(TailCallingMachine.class);
  private static final String THEIR_INTERPRETER =
      Type.getInternalName(CompilerInterpreterMachine.class);
  private static final String OUR_INTERPRETER = Type.getInternalName(GuestInterpreter.class);

  /** Results that are several, with host references among them. */
  private static final String SEVERAL = ")[Ljava/lang/Object;";

  private static final Type MEMORY = Type.getType(Memory.class);
  private static final Type INSTANCE = Type.getType(Instance.class);
  private static final Type TABLE = Type.getType(TableInstance.class);

  /** Name and descriptor of all helpers we have. */
  private static final Set<String> OURS = methods(GuestSupport.class);

  /** Those that there are for flat memories too. */
  private static final Set<String> OURS_FLAT = methods(FlatSupport.class);

  /** Those of structures, arrays and casts. */
  private static final Set<String> OUR_OBJECTS = methods(ObjectSupport.class);

  /** Those that take the place of Endive's. */
  private static final Set<String> OUR_FLOATS = methods(Floats.class);

  /**
   * What may come between two checks in a function and the parts that were cut out of it: so many
   * jumps back that their number times the function's instructions is no more than that.
   * Interpreted by HotSpot it takes about ten milliseconds.
   */
  private static final int BETWEEN_CHECKS = 200_000;

  /** Jumps back between two checks at most: more of them gain nothing. */
  private static final int STRIP = 256;

  /** Helpers that take next to no time, by how their names begin. */
  private static final List<String> CHEAP =
      List.of(
          "memoryRead",
          "memoryWrite",
          "memoryPages",
          "readGlobal",
          "writeGlobal",
          "tableGet",
          "tableSet",
          "tableSize",
          "throw",
          "isRefNull",
          "isGcRefNull",
          "gcRefAsNonNull",
          "struct",
          "arrayGet",
          "arraySet",
          "arrayLen",
          "refTest",
          "refEq",
          "refI31",
          "castTest",
          "heapTypeMatch",
          "i31Get",
          "anyConvertExtern",
          "externConvertAny",
          "i32_ge_u",
          "getAddr");

  private final String mainClass;
  private final String shaded;
  private final boolean hasMemory;
  private final boolean isFlat;
  private final boolean hasTailCalls;
  private final @Nullable TrapPoints points;
  private final Map<Integer, Integer> parts;
  private final Map<Integer, Field> fields;
  private final Map<Integer, StandIn> standIns;
  private final Unused unused;
  private final IntUnaryOperator lengths;
  private final FunctionReferences references;
  private final AtHand atHand;
  private final boolean importsTables;

  /**
   * @param mainClass name of the generated machine class, with dots
   * @param hasMemory whether the module has a memory of index 0
   * @param isFlat whether its memories are flat
   * @param hasTailCalls whether the module has tail calls
   * @param points where lines are known: then Java's stack shall tell instructions apart
   * @param unused what of the generated code nothing calls
   * @param lowered which functions stand for methods of ours
   * @param split which functions were cut out of others, and which are accesses to fields
   * @param references where the code refers to functions
   * @param atHand what memory 0 knows
   * @param importsTables whether it has tables of others
   * @param lengths instructions of a function as its author wrote it
   */
  GuardPass(
      String mainClass,
      boolean hasMemory,
      boolean isFlat,
      boolean hasTailCalls,
      @Nullable TrapPoints points,
      Unused unused,
      Lowered lowered,
      Splitter.Result split,
      FunctionReferences references,
      AtHand atHand,
      boolean importsTables,
      IntUnaryOperator lengths) {
    this.references = references;
    this.atHand = atHand;
    this.importsTables = importsTables;
    this.lengths = lengths;
    this.points = points;
    this.parts = split.parts();
    this.fields = split.accessors();
    this.standIns = lowered.standIns();
    this.unused = unused;
    this.mainClass = mainClass.replace('.', '/');
    this.shaded = this.mainClass + "Shaded";
    this.hasMemory = hasMemory;
    this.isFlat = isFlat;
    this.hasTailCalls = hasTailCalls;
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
    Map<String, int[]> addresses =
        points == null ? Map.of() : new TrapLines(points, unused).of(reader);
    reader.accept(new Classes(writer, addresses), ClassReader.EXPAND_FRAMES);
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
      super.visit(version, access, name, signature, isMachine ? machine() : parent, faces);
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      if (unused.isMethod(name)) {
        return null;
      }
      String given = isMachine && hasTailCalls ? calledOnce(name, descriptor) : nameOf(name);
      if (given == null) {
        return null;
      }
      MethodVisitor next = super.visitMethod(access, given, descriptor, signature, exceptions);
      if (unused.isDispatch(name, access)) {
        next = unused.dispatch(next, access, name, descriptor);
      }
      int[] lines = addresses.get(name);
      Code code = new Code(next, access, name, descriptor, isMachine);
      return lines == null ? code : new TrapLines.Numbers(code, unused, lines);
    }
  }

  private String machine() {
    return hasTailCalls ? CALLING_MACHINE : MACHINE;
  }

  /** What {@link TailCallingMachine} has under a method's own name goes by another, or away. */
  private @Nullable String calledOnce(String method, String descriptor) {
    return switch (method) {
      case "call" -> descriptor.equals("(I[J)[J") ? null : "callOnce";
      case "callWithRefs" -> "callOnceWithRefs";
      default -> nameOf(method);
    };
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

  /**
   * Most jumps back between two checks in a function or what was cut out of one.
   *
   * @param more instructions that it runs between two jumps back
   */
  private int strip(int function, int more) {
    int length = lengths.applyAsInt(parts.getOrDefault(function, function)) + more;
    return Integer.highestOneBit(Math.clamp(BETWEEN_CHECKS / Math.max(1, length), 1, STRIP));
  }

  private final class Code extends MethodVisitor {
    private final boolean isFunction;
    private final boolean isIndirectCall;
    private final boolean checkEntry;
    private final boolean isMachine;
    private final boolean isMachineConstructor;
    private int memorySlot = -1;
    private int instanceSlot = -1;

    Code(MethodVisitor next, int access, String name, String descriptor, boolean ofMachine) {
      super(Opcodes.ASM9, next);
      boolean isStatic = (access & Opcodes.ACC_STATIC) != 0;
      isIndirectCall = isStatic && name.startsWith("call_indirect_");
      isFunction = isStatic && name.startsWith(FUNCTION);
      // A part is entered from its function only, and goes in circles only by way of a check.
      checkEntry = isFunction && !parts.containsKey(functionOf(name));
      if (isFunction) {
        int function = functionOf(name);
        // A part that is called again and again must not begin with a strip of its own each time.
        mv =
            new StripMining(
                next,
                access,
                name,
                descriptor,
                more -> strip(function, more),
                isFlat,
                !checkEntry,
                this::check,
                this::shorten);
      }
      isMachine = ofMachine;
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
      if (isIndirectCall) {
        mv = new ReferredCalls(next, memorySlot);
      }
    }

    @Override
    public void visitCode() {
      super.visitCode();
      if (checkEntry) {
        check(mv, "checkEntry");
      }
    }

    private void shorten(InsnList code) {
      references.apply(code);
      if (hasMemory && memorySlot >= 0) {
        atHand.apply(code, memorySlot, isFlat ? FLAT_SUPPORT : SUPPORT);
      }
    }

    /** In loops: one that is sure to be made each time. */
    private void check(MethodVisitor to) {
      check(to, "check");
    }

    private void check(MethodVisitor to, String byMemoryName) {
      boolean byMemory = hasMemory && memorySlot >= 0;
      int slot = byMemory ? memorySlot : instanceSlot;
      if (slot < 0) {
        throw new IllegalStateException("generated code asks for a check without an instance");
      }
      to.visitVarInsn(Opcodes.ALOAD, slot);
      to.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          byMemory && isFlat ? FLAT_SUPPORT : SUPPORT,
          byMemory ? byMemoryName : "check",
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
      } else if (owner.equals(OPCODES)
          && OUR_FLOATS.contains(name.toLowerCase(Locale.ROOT) + descriptor)) {
        String ours = name.toLowerCase(Locale.ROOT);
        super.visitMethodInsn(Opcodes.INVOKESTATIC, FLOATS, ours, descriptor, false);
      } else if (isIndirectCall
          && owner.equals(INSTANCE.getInternalName())
          && name.equals("table")) {
        table(opcode, owner, name, descriptor);
      } else if (owner.equals(INSTANCE.getInternalName()) && name.equals("exn")) {
        String ofInstance = descriptor.replace("(", "(" + INSTANCE.getDescriptor());
        super.visitMethodInsn(Opcodes.INVOKESTATIC, SUPPORT, "exception", ofInstance, false);
      } else if (isIndirectCall && owner.equals(TABLE.getInternalName())) {
        String ofTable = descriptor.replace("(", "(" + TABLE.getDescriptor());
        super.visitMethodInsn(Opcodes.INVOKESTATIC, SUPPORT, element(name), ofTable, false);
      } else if (name.startsWith(FUNCTION)) {
        call(opcode, owner, name, descriptor, isInterface);
      } else if (isMachineConstructor
          && owner.equals("java/lang/Object")
          && name.equals("<init>")) {
        super.visitMethodInsn(opcode, machine(), name, descriptor, false);
      } else if (owner.equals(THEIR_INTERPRETER) && name.equals("<init>")) {
        super.visitMethodInsn(opcode, OUR_INTERPRETER, name, descriptor, false);
      } else if (isMachine && name.equals("isTailCallPending")) {
        super.visitInsn(Opcodes.POP);
        super.visitInsn(Opcodes.ICONST_0); // TailCallingMachine sees to it
      } else {
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      }
    }

    /** What asks for an element's function or instance, which is null where it is the caller. */
    private String element(String name) {
      return switch (name) {
        case "requiredRef" -> "functionAt";
        case "instance" -> importsTables ? "ownerAt" : "foreignerAt";
        default -> throw new IllegalStateException("an indirect call that uses a table's " + name);
      };
    }

    /** Of the table of an indirect call. */
    private void table(int opcode, String owner, String name, String descriptor) {
      if (!hasMemory || memorySlot < 0 || !atHand.hasTable()) {
        super.visitMethodInsn(opcode, owner, name, descriptor, false);
        return;
      }
      super.visitVarInsn(Opcodes.ALOAD, memorySlot);
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          isFlat ? FLAT_SUPPORT : SUPPORT,
          atHand.helper(name),
          Type.getMethodDescriptor(TABLE, INSTANCE, Type.INT_TYPE, MEMORY),
          false);
    }

    private void call(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      StandIn standIn = standIns.get(functionOf(name));
      if (standIn != null) {
        call(standIn);
        return;
      }
      Field field = fields.get(functionOf(name));
      if (field == null) {
        super.visitMethodInsn(opcode, owner, nameOf(name), descriptor, isInterface);
        if (!isFunction && hasTailCalls && descriptor.endsWith(SEVERAL)) {
          String same = "(" + SEVERAL.substring(1) + SEVERAL;
          super.visitMethodInsn(Opcodes.INVOKESTATIC, SUPPORT, "results", same, false);
        }
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

    /** On the operand stack: arguments, memory, instance. */
    private void call(StandIn standIn) {
      String descriptor = standIn.descriptor();
      if (standIn.withInstance()) {
        super.visitInsn(Opcodes.SWAP);
        super.visitInsn(Opcodes.POP);
        descriptor = descriptor.replace(")", INSTANCE.getDescriptor() + ")");
      } else {
        super.visitInsn(Opcodes.POP2);
      }
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC, standIn.owner(), standIn.name(), descriptor, false);
    }

    private void helper(String name, String descriptor) {
      if (name.equals("checkInterruption")) {
        return; // Before calls and jumps: ours are elsewhere.
      }
      if (isFunction && CHEAP.stream().noneMatch(name::startsWith)) {
        check(mv, "checkEntry");
      }
      if (OURS.contains(name + descriptor)) {
        String owner = isFlat && OURS_FLAT.contains(name + descriptor) ? FLAT_SUPPORT : SUPPORT;
        super.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
        return;
      }
      if (OUR_OBJECTS.contains(name + descriptor)) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, OBJECTS, name, descriptor, false);
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
