package io.wattle.runtime.engine.endive.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/**
 * Instructions of the relaxed SIMD proposal (core specification 3.0, "relaxed operations"), of
 * whose permitted meanings each has the same one everywhere here. Endive knows none of them: for
 * each stands another vector instruction of the same type. Where that one means something else it
 * is marked by an immediate that it does not have otherwise.
 */
public enum RelaxedOp {
  I8X16_SWIZZLE(0x100, OpCode.I8x16_SWIZZLE),
  I32X4_TRUNC_F32X4_S(0x101, OpCode.I32x4_TRUNC_SAT_F32X4_S),
  I32X4_TRUNC_F32X4_U(0x102, OpCode.I32x4_TRUNC_SAT_F32X4_U),
  I32X4_TRUNC_F64X2_S_ZERO(0x103, OpCode.I32x4_TRUNC_SAT_F64x2_S_ZERO),
  I32X4_TRUNC_F64X2_U_ZERO(0x104, OpCode.I32x4_TRUNC_SAT_F64x2_U_ZERO),
  F32X4_MADD(0x105, OpCode.V128_BITSELECT, 1, "F32x4.madd"),
  F32X4_NMADD(0x106, OpCode.V128_BITSELECT, 2, "F32x4.nmadd"),
  F64X2_MADD(0x107, OpCode.V128_BITSELECT, 3, "F64x2.madd"),
  F64X2_NMADD(0x108, OpCode.V128_BITSELECT, 4, "F64x2.nmadd"),
  I8X16_LANESELECT(0x109, OpCode.V128_BITSELECT),
  I16X8_LANESELECT(0x10a, OpCode.V128_BITSELECT),
  I32X4_LANESELECT(0x10b, OpCode.V128_BITSELECT),
  I64X2_LANESELECT(0x10c, OpCode.V128_BITSELECT),
  F32X4_MIN(0x10d, OpCode.F32x4_MIN),
  F32X4_MAX(0x10e, OpCode.F32x4_MAX),
  F64X2_MIN(0x10f, OpCode.F64x2_MIN),
  F64X2_MAX(0x110, OpCode.F64x2_MAX),
  I16X8_Q15MULR_S(0x111, OpCode.I16x8_Q15MULR_SAT_S),
  I16X8_DOT_I8X16_I7X16_S(0x112, OpCode.I16x8_Q15MULR_SAT_S, 1, "I16x8.dotS"),
  I32X4_DOT_I8X16_I7X16_ADD_S(0x113, OpCode.V128_BITSELECT, 5, "I32x4.dotAddS");

  private static final List<RelaxedOp> ALL = List.of(values());

  private final int code;
  private final OpCode standIn;
  private final int mark;
  private final @Nullable String function;

  RelaxedOp(int code, OpCode standIn) {
    this(code, standIn, 0, null);
  }

  RelaxedOp(int code, OpCode standIn, int mark, @Nullable String function) {
    this.code = code;
    this.standIn = standIn;
    this.mark = mark;
    this.function = function;
  }

  /** By what follows the prefix fd; null when there is none. */
  public static @Nullable RelaxedOp of(int code) {
    int first = I8X16_SWIZZLE.code;
    return code >= first && code < first + values().length ? values()[code - first] : null;
  }

  /** By what stands for it; null when that is itself, or for one that means the same. */
  public static @Nullable RelaxedOp of(Instruction standIn) {
    for (RelaxedOp op : standIn.operandCount() == 0 ? List.<RelaxedOp>of() : ALL) {
      if (op.standIn == standIn.opcode() && op.mark > 0 && op.mark == standIn.operand(0)) {
        return op;
      }
    }
    return null;
  }

  /** What follows the prefix fd. */
  public int code() {
    return code;
  }

  /** The instruction that stands for it. */
  public OpCode standIn() {
    return standIn;
  }

  /** The immediate that the other one gets, from 1 on; 0 when it means the same. */
  public int mark() {
    return mark;
  }

  /** Instructions that stand for some that mean something else. */
  static Set<OpCode> marked() {
    return Arrays.stream(values())
        .filter(op -> op.mark > 0)
        .map(RelaxedOp::standIn)
        .collect(Collectors.toSet());
  }

  /** What an instruction means with each mark, from 1 on. */
  static List<LaneFunction> functions(OpCode standIn) {
    return Arrays.stream(values())
        .filter(op -> op.standIn == standIn && op.mark > 0)
        .map(op -> LaneFunction.of(String.valueOf(op.function)))
        .toList();
  }
}
