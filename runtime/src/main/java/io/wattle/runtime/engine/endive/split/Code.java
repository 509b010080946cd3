package io.wattle.runtime.engine.endive.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Instructions that put a value on the stack and change nothing: as long as the locals that they
 * read stay the same it does not matter when, or how often, they run.
 */
record Code(List<Instruction> instructions) {
  static Code of(OpCode opcode, long... operands) {
    return new Code(List.of(new Instruction(0, opcode, operands)));
  }

  static Code local(int local) {
    return of(OpCode.LOCAL_GET, local);
  }

  /** An integer. */
  static Code of(ValType type, long value) {
    return of(type.equals(ValType.I32) ? OpCode.I32_CONST : OpCode.I64_CONST, value);
  }

  Code then(OpCode opcode) {
    return then(of(opcode));
  }

  Code then(Code more) {
    List<Instruction> all = new ArrayList<>(instructions);
    all.addAll(more.instructions);
    return new Code(List.copyOf(all));
  }

  /** Whether it costs no more than reading a local. */
  boolean isShort() {
    return instructions.size() == 1;
  }

  /** The integer that it is, null when it is none. */
  @Nullable Long constant() {
    Instruction first = instructions.getFirst();
    boolean isConstant =
        isShort() && (first.opcode() == OpCode.I32_CONST || first.opcode() == OpCode.I64_CONST);
    return isConstant ? first.operand(0) : null;
  }

  /** Locals that it reads. */
  Set<Integer> locals() {
    return instructions.stream()
        .filter(each -> each.opcode() == OpCode.LOCAL_GET)
        .map(each -> (int) each.operand(0))
        .collect(Collectors.toSet());
  }
}
