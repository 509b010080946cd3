package io.wattle.runtime.engine.endive.split;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * What a vector is made of where nobody else sees it. Everywhere else, in memory, calls, blocks and
 * globals, it is two i64. Numbers of 32 bits packed into them would have to be taken apart for each
 * operation, which takes longer than the operation.
 */
enum Shape {
  I64(2),
  I32(4),
  F32(4),
  F64(2);

  final int count;

  Shape(int count) {
    this.count = count;
  }

  ValType lane() {
    return switch (this) {
      case I64 -> ValType.I64;
      case I32 -> ValType.I32;
      case F32 -> ValType.F32;
      case F64 -> ValType.F64;
    };
  }

  /** The type of each lane. */
  List<ValType> lanes() {
    return Collections.nCopies(count, lane());
  }

  /** The lanes of this shape of a vector that has another one. */
  List<Code> of(Shape other, List<Code> lanes) {
    if (this == other) {
      return lanes;
    }
    return switch (this) {
      case I64 ->
          switch (other) {
            case F64 -> each(lanes, OpCode.I64_REINTERPRET_F64);
            case F32 -> of(I32, I32.of(F32, lanes));
            default ->
                List.of(joined(lanes.get(0), lanes.get(1)), joined(lanes.get(2), lanes.get(3)));
          };
      case I32 ->
          switch (other) {
            case F32 -> each(lanes, OpCode.I32_REINTERPRET_F32);
            case F64 -> of(I64, I64.of(F64, lanes));
            default -> parted(lanes);
          };
      case F32 -> each(I32.of(other, lanes), OpCode.F32_REINTERPRET_I32);
      case F64 -> each(I64.of(other, lanes), OpCode.F64_REINTERPRET_I64);
    };
  }

  private static List<Code> each(List<Code> lanes, OpCode opcode) {
    return lanes.stream().map(lane -> lane.then(opcode)).toList();
  }

  private static Code joined(Code low, Code high) {
    return low.then(OpCode.I64_EXTEND_I32_U)
        .then(high.then(OpCode.I64_EXTEND_I32_S))
        .then(Code.of(ValType.I64, 32))
        .then(OpCode.I64_SHL)
        .then(OpCode.I64_OR);
  }

  private static List<Code> parted(List<Code> halves) {
    List<Code> lanes = new ArrayList<>();
    for (Code half : halves) {
      Long constant = half.constant();
      if (constant != null) {
        lanes.add(Code.of(ValType.I32, constant << 32 >> 32));
        lanes.add(Code.of(ValType.I32, constant >> 32));
      } else {
        lanes.add(half.then(OpCode.I32_WRAP_I64));
        lanes.add(
            half.then(Code.of(ValType.I64, 32)).then(OpCode.I64_SHR_U).then(OpCode.I32_WRAP_I64));
      }
    }
    return lanes;
  }
}
