package io.wattle.runtime.engine.endive;

import java.util.ArrayList;
import java.util.List;
import run.endive.runtime.MStack;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Lets Endive's interpreter set locals that are vectors. It takes the halves off its stack, where
 * the high one is first, and puts the first one where arguments have the low one and where {@code
 * local.get} looks for it. So what sets such a local says so, by one more operand than it has, and
 * the halves change places before it is executed.
 */
final class VectorLocals {
  /** The second operand: whether the value stays on the stack. */
  private static final int SET = 0;

  private static final int TEE = 1;

  private VectorLocals() {}

  /** A module's functions, to be interpreted. */
  static FunctionBody[] mend(WasmModule module) {
    FunctionBody[] bodies = module.codeSection().functionBodies();
    for (int i = 0; i < bodies.length; i++) {
      FunctionType type = module.typeSection().getType(module.functionSection().getFunctionType(i));
      if (type.params().contains(ValType.V128) || bodies[i].localTypes().contains(ValType.V128)) {
        bodies[i] = mend(bodies[i], type);
      }
    }
    return bodies;
  }

  private static FunctionBody mend(FunctionBody body, FunctionType type) {
    List<ValType> locals = new ArrayList<>(type.params());
    locals.addAll(body.localTypes());
    List<AnnotatedInstruction> code = new ArrayList<>(body.instructions().size());
    for (AnnotatedInstruction each : body.instructions()) {
      boolean sets = each.opcode() == OpCode.LOCAL_SET || each.opcode() == OpCode.LOCAL_TEE;
      boolean isVector = sets && locals.get((int) each.operand(0)).equals(ValType.V128);
      code.add(isVector ? mended(each) : each);
    }
    return new FunctionBody(body.localTypes(), code);
  }

  private static AnnotatedInstruction mended(AnnotatedInstruction sets) {
    int stays = sets.opcode() == OpCode.LOCAL_TEE ? TEE : SET;
    return AnnotatedInstruction.builder()
        .from(
            new Instruction(sets.address(), OpCode.LOCAL_SET, new long[] {sets.operand(0), stays}))
        .withDepth(sets.depth())
        .build();
  }

  /** Before an instruction sets a local. */
  static void prepare(Instruction sets, MStack stack) {
    if (sets.operandCount() == 1) {
      return; // it is no vector
    }
    long high = stack.pop();
    long low = stack.pop();
    if (sets.operand(1) == TEE) {
      stack.push(low);
      stack.push(high);
    }
    stack.push(high);
    stack.push(low);
  }
}
