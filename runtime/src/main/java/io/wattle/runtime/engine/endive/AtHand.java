package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.GlobalImport;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.ValType;

/**
 * What generated code reaches by way of memory 0 instead of the instance, where each is two loads
 * instead of five, of which each needs the one before: the global that compilers keep the address
 * of their stack in, which a function with variables in memory reads once and writes twice, and
 * table 0, which indirect calls go by.
 *
 * <p>Which instance is meant by a memory is clear in two cases only: the module defines both memory
 * and global (or table), or it imports both, as libraries do that are linked when they are loaded.
 * In the second the memory knows it as long as all who import it import the same ({@link
 * GuestMemory#bind}); where it does not, the helpers go by the instance.
 *
 * @param imported whether they are imported, rather than defined
 * @param stackPointer index of the global, which by convention is the first {@code i32} that is
 *     mutable; -1 for none
 * @param hasTable whether table 0 is meant too
 */
record AtHand(boolean imported, int stackPointer, boolean hasTable) {
  private static final Type MEMORY = Type.getType(Memory.class);
  private static final Type INSTANCE = Type.getType(Instance.class);
  private static final String READ =
      Type.getMethodDescriptor(Type.LONG_TYPE, Type.INT_TYPE, INSTANCE);
  private static final String WRITE =
      Type.getMethodDescriptor(Type.VOID_TYPE, Type.LONG_TYPE, Type.INT_TYPE, INSTANCE);

  /** For a module, which has a memory 0 unless there is nothing. */
  static AtHand of(WasmModule module) {
    boolean imported = module.importSection().count(ExternalType.MEMORY) > 0;
    if (!imported && module.memorySection().map(m -> m.memoryCount() == 0).orElse(true)) {
      return new AtHand(false, -1, false);
    }
    boolean importsTable = module.importSection().count(ExternalType.TABLE) > 0;
    boolean hasTable = importsTable || module.tableSection().tableCount() > 0;
    return new AtHand(
        imported, stackPointer(module, imported), hasTable && importsTable == imported);
  }

  private static int stackPointer(WasmModule module, boolean imported) {
    Stream<Boolean> fits =
        imported
            ? module.importSection().stream()
                .filter(GlobalImport.class::isInstance)
                .map(GlobalImport.class::cast)
                .map(i -> fits(i.type(), i.mutabilityType()))
            : Arrays.stream(module.globalSection().globals())
                .map(g -> fits(g.valueType(), g.mutabilityType()));
    int at = fits.toList().indexOf(true);
    return at < 0 || imported ? at : module.importSection().count(ExternalType.GLOBAL) + at;
  }

  private static boolean fits(ValType type, MutabilityType mutability) {
    return type.equals(ValType.I32) && mutability == MutabilityType.Var;
  }

  /** The helper that goes by the memory, by the name of the one that goes by the instance. */
  String helper(String name) {
    return name + (imported ? "OfAll" : "OfOwner");
  }

  /**
   * Lets a function's accesses to the stack pointer go by the memory; the operand stack becomes one
   * slot higher.
   *
   * @param memory the local that has memory 0
   * @param support the class that has the helpers
   */
  void apply(InsnList code, int memory, String support) {
    for (AbstractInsnNode each : code.toArray()) {
      if (each instanceof MethodInsnNode call && isAccess(call)) {
        String descriptor = call.desc.replace(")", MEMORY.getDescriptor() + ")");
        code.insertBefore(call, new VarInsnNode(Opcodes.ALOAD, memory));
        code.set(
            call,
            new MethodInsnNode(
                Opcodes.INVOKESTATIC, support, helper(call.name), descriptor, false));
      }
    }
  }

  /** The index is the last constant before the call but for the instance. */
  private boolean isAccess(MethodInsnNode call) {
    boolean is =
        (call.name.equals("readGlobal") && call.desc.equals(READ))
            || (call.name.equals("writeGlobal") && call.desc.equals(WRITE));
    return is
        && stackPointer >= 0
        && call.getPrevious() instanceof VarInsnNode instance
        && constant(instance.getPrevious()) == stackPointer;
  }

  /** The integer that an instruction puts on the operand stack, -1 if it does something else. */
  static int constant(@Nullable AbstractInsnNode push) {
    return switch (push) {
      case InsnNode plain
          when plain.getOpcode() >= Opcodes.ICONST_0 && plain.getOpcode() <= Opcodes.ICONST_5 ->
          plain.getOpcode() - Opcodes.ICONST_0;
      case IntInsnNode small -> small.operand;
      case LdcInsnNode large when large.cst instanceof Integer value -> value;
      case null, default -> -1;
    };
  }
}
