package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.OtherCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import run.endive.runtime.Instance;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Global;
import run.endive.wasm.types.GlobalSection;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Lets compiled code have a function's number in the store ({@link Roster}) where Endive has its
 * index. Endive makes of {@code ref.func} a constant like any other, so it is given a {@code
 * global.get} of a global in its place that is added for the function, has its type, and that no
 * code reads: what would read it becomes a call of {@link ReferenceSupport}.
 *
 * @param module for the translator only
 * @param globals how many there are before those that were added
 * @param functions those that the added ones stand for
 */
record FunctionReferences(WasmModule module, int globals, List<Integer> functions) {
  private static final String SUPPORT = Type.getInternalName(ReferenceSupport.class);
  private static final String INSTANCE = Type.getDescriptor(Instance.class);
  private static final String READ = "(I" + INSTANCE + ")J";
  private static final Set<String> TAIL_CALLS = Set.of("setTailCall", "setTailCallWithRefs");

  static FunctionReferences of(WasmModule module) {
    int globals =
        module.importSection().count(ExternalType.GLOBAL) + module.globalSection().globalCount();
    Map<Integer, Integer> added = new LinkedHashMap<>();
    List<FunctionBody> bodies = new ArrayList<>(module.codeSection().functionBodyCount());
    for (FunctionBody body : module.codeSection().functionBodies()) {
      bodies.add(refers(body) ? lower(body, globals, added) : body);
    }
    List<Integer> functions = List.copyOf(added.keySet());
    return functions.isEmpty()
        ? new FunctionReferences(module, globals, functions)
        : new FunctionReferences(with(module, functions, bodies), globals, functions);
  }

  private static boolean refers(FunctionBody body) {
    for (AnnotatedInstruction each : body.instructions()) {
      if (each.opcode() == OpCode.REF_FUNC) {
        return true;
      }
    }
    return false;
  }

  private static FunctionBody lower(FunctionBody body, int globals, Map<Integer, Integer> added) {
    List<AnnotatedInstruction> code = new ArrayList<>(body.instructions().size());
    for (AnnotatedInstruction each : body.instructions()) {
      if (each.opcode() != OpCode.REF_FUNC) {
        code.add(each);
        continue;
      }
      int function = (int) each.operand(0);
      Integer known = added.get(function);
      int global = known == null ? globals + added.size() : known;
      added.put(function, global);
      long[] operands = {global};
      code.add(
          AnnotatedInstruction.builder()
              .from(new Instruction(each.address(), OpCode.GLOBAL_GET, operands))
              .withDepth(each.depth())
              .build());
    }
    return new FunctionBody(body.localTypes(), code);
  }

  private static WasmModule with(
      WasmModule module, List<Integer> functions, List<FunctionBody> bodies) {
    GlobalSection.Builder globals = GlobalSection.builder();
    for (Global each : module.globalSection().globals()) {
      globals.addGlobal(each);
    }
    int[] types = EndiveModule.functionTypes(module);
    for (int function : functions) {
      ValType type =
          ValType.builder()
              .withOpcode(ValType.ID.Ref)
              .withTypeIdx(types[function])
              .build()
              .resolve(module.typeSection());
      globals.addGlobal(new Global(type, MutabilityType.Const, List.of()));
    }
    CodeSection.Builder code =
        CodeSection.builder().setRequiresDataCount(module.codeSection().isRequiresDataCount());
    bodies.forEach(code::addFunctionBody);
    return OtherCode.of(module, globals.build(), code.build());
  }

  /** Changes what Endive made of a function. */
  void apply(InsnList code) {
    for (AbstractInsnNode each : code.toArray()) {
      if (each instanceof MethodInsnNode call) {
        if (call.name.equals("readGlobal") && call.desc.equals(READ)) {
          refer(code, call);
        } else if (TAIL_CALLS.contains(call.name) && isReferred(call)) {
          code.set(
              call, new MethodInsnNode(Opcodes.INVOKESTATIC, SUPPORT, call.name, call.desc, false));
        }
      }
    }
  }

  /** On the operand stack: the index of a global, and the instance. */
  private void refer(InsnList code, MethodInsnNode call) {
    AbstractInsnNode index = call.getPrevious().getPrevious();
    int added = AtHand.constant(index) - globals;
    if (added < 0) {
      return;
    }
    AbstractInsnNode narrow = call.getNext();
    if (narrow.getOpcode() != Opcodes.L2I) {
      throw new IllegalStateException("ref.func is not translated as expected");
    }
    code.remove(narrow);
    code.set(index, new LdcInsnNode(functions.get(added)));
    code.set(
        call,
        new MethodInsnNode(
            Opcodes.INVOKESTATIC, SUPPORT, "reference", "(I" + INSTANCE + ")I", false));
  }

  /**
   * Whether a tail call is one of a reference, which is a variable, instead of a function, which is
   * a constant. On the operand stack: either, arguments, host references among them, instance.
   */
  private static boolean isReferred(MethodInsnNode call) {
    AbstractInsnNode at = call;
    while (at != null && at.getOpcode() != Opcodes.SWAP) {
      at = at.getPrevious();
    }
    return at != null
        && at.getPrevious() instanceof VarInsnNode read
        && read.getOpcode() == Opcodes.ILOAD;
  }
}
