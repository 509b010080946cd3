package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.OtherCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionSection;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.TypeSection;
import run.endive.wasm.types.ValType;

/**
 * What {@code call_ref} calls is a function of the type it names (core specification, 3.4.9).
 * Endive's validator asks only for a reference, so it is given the module once more, with calls of
 * functions that take such a reference as well.
 */
final class CallRules {
  private final WasmModule module;

  /** By a type that is called, the function that stands in for it. */
  private final Map<Integer, Integer> standIns = new TreeMap<>();

  private CallRules(WasmModule module) {
    this.module = module;
  }

  /**
   * @throws run.endive.wasm.InvalidException when something else is called
   */
  static void check(WasmModule module) {
    CallRules rules = new CallRules(module);
    for (FunctionBody body : module.codeSection().functionBodies()) {
      for (Instruction instruction : body.instructions()) {
        if (isByReference(instruction)) {
          rules.standIns.put((int) instruction.operand(0), 0);
        }
      }
    }
    if (!rules.standIns.isEmpty()) {
      rules.validate();
    }
  }

  private static boolean isByReference(Instruction instruction) {
    return instruction.opcode() == OpCode.CALL_REF
        || instruction.opcode() == OpCode.RETURN_CALL_REF;
  }

  private void validate() {
    TypeSection declared = module.typeSection();
    TypeSection.Builder types = TypeSection.builder();
    for (int i = 0; i < declared.typeCount(); i++) {
      types.addRecType(declared.getRecType(i));
    }
    FunctionSection.Builder functions = FunctionSection.builder();
    int own = module.functionSection().functionCount();
    for (int i = 0; i < own; i++) {
      functions.addFunctionType(module.functionSection().getFunctionType(i));
    }
    int type = declared.subTypeCount();
    int function = module.importSection().count(ExternalType.FUNCTION) + own;
    for (Map.Entry<Integer, Integer> each : standIns.entrySet()) {
      types.addFunctionType(taking(each.getKey()));
      functions.addFunctionType(type++);
      each.setValue(function++);
    }
    var _ = OtherCode.validated(OtherCode.of(module, types.build(), functions.build(), code()));
  }

  /** The same function's type, with a reference to one behind the parameters. */
  private FunctionType taking(int type) {
    FunctionType called = module.typeSection().getType(type);
    ValType reference =
        ValType.builder()
            .withOpcode(ValType.ID.RefNull)
            .withTypeIdx(type)
            .build()
            .resolve(module.typeSection());
    return FunctionType.of(
        Stream.concat(called.params().stream(), Stream.of(reference)).toList(), called.returns());
  }

  private CodeSection code() {
    CodeSection.Builder code =
        CodeSection.builder().setRequiresDataCount(module.codeSection().isRequiresDataCount());
    for (FunctionBody body : module.codeSection().functionBodies()) {
      code.addFunctionBody(
          new FunctionBody(
              body.localTypes(), body.instructions().stream().map(this::withStandIn).toList()));
    }
    standIns.values().forEach(each -> code.addFunctionBody(trap()));
    return code.build();
  }

  private AnnotatedInstruction withStandIn(AnnotatedInstruction instruction) {
    if (!isByReference(instruction)) {
      return instruction;
    }
    OpCode call = instruction.opcode() == OpCode.CALL_REF ? OpCode.CALL : OpCode.RETURN_CALL;
    long function = standIns.getOrDefault((int) instruction.operand(0), 0);
    return AnnotatedInstruction.builder()
        .from(new Instruction(instruction.address(), call, new long[] {function}))
        .withDepth(instruction.depth())
        .build();
  }

  private static FunctionBody trap() {
    List<AnnotatedInstruction> body = new ArrayList<>();
    Instruction end = new Instruction(-1, OpCode.END, new long[0]);
    body.add(
        AnnotatedInstruction.builder()
            .from(new Instruction(-1, OpCode.UNREACHABLE, new long[0]))
            .build());
    body.add(AnnotatedInstruction.builder().from(end).withScope(end).build());
    return new FunctionBody(List.of(), body);
  }
}
