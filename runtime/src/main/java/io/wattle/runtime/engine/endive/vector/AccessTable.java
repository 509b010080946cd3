package io.wattle.runtime.engine.endive.vector;

import io.wattle.runtime.engine.endive.vector.VectorAccess.Load;
import io.wattle.runtime.engine.endive.vector.VectorAccess.Store;
import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Constant;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Value;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/** Vector instructions that access memory (core specification, 4.4.7 "memory instructions"). */
final class AccessTable {
  private static final int LANE = 3;
  private static final Part LOADED = new Value(0);
  private static final Part ZERO = new Constant(0);

  private AccessTable() {}

  static @Nullable VectorAccess of(Instruction instruction) {
    return switch (instruction.opcode()) {
      case V128_LOAD -> new Load(16, null);
      case V128_LOAD8x8_S -> widening("I16x8", "S");
      case V128_LOAD8x8_U -> widening("I16x8", "U");
      case V128_LOAD16x4_S -> widening("I32x4", "S");
      case V128_LOAD16x4_U -> widening("I32x4", "U");
      case V128_LOAD32x2_S -> widening("I64x2", "S");
      case V128_LOAD32x2_U -> widening("I64x2", "U");
      case V128_LOAD8_SPLAT -> new Load(1, VectorTable.plain(OpCode.I8x16_SPLAT));
      case V128_LOAD16_SPLAT -> new Load(2, VectorTable.plain(OpCode.I16x8_SPLAT));
      case V128_LOAD32_SPLAT -> new Load(4, VectorTable.plain(OpCode.I32x4_SPLAT));
      case V128_LOAD64_SPLAT -> new Load(8, VectorTable.plain(OpCode.I64x2_SPLAT));
      case V128_LOAD32_ZERO -> {
        Part extended = VectorTable.call(LaneFunction.of("V128.zeroExtended"), LOADED);
        yield new Load(4, new VectorOp(List.of(Operand.I32), new Vector(extended, ZERO)));
      }
      case V128_LOAD64_ZERO ->
          new Load(8, new VectorOp(List.of(Operand.I64), new Vector(LOADED, ZERO)));
      case V128_LOAD8_LANE -> new Load(1, lane(OpCode.I8x16_REPLACE_LANE, instruction));
      case V128_LOAD16_LANE -> new Load(2, lane(OpCode.I16x8_REPLACE_LANE, instruction));
      case V128_LOAD32_LANE -> new Load(4, lane(OpCode.I32x4_REPLACE_LANE, instruction));
      case V128_LOAD64_LANE -> new Load(8, lane(OpCode.I64x2_REPLACE_LANE, instruction));
      case V128_STORE -> new Store(16, null);
      case V128_STORE8_LANE -> new Store(1, lane(OpCode.I8x16_EXTRACT_LANE_U, instruction));
      case V128_STORE16_LANE -> new Store(2, lane(OpCode.I16x8_EXTRACT_LANE_U, instruction));
      case V128_STORE32_LANE -> new Store(4, lane(OpCode.I32x4_EXTRACT_LANE, instruction));
      case V128_STORE64_LANE -> new Store(8, lane(OpCode.I64x2_EXTRACT_LANE, instruction));
      default -> null;
    };
  }

  private static VectorOp lane(OpCode opcode, Instruction instruction) {
    return VectorTable.ofLane(opcode, (int) instruction.operand(LANE));
  }

  private static Load widening(String shape, String sign) {
    return new Load(
        8,
        new VectorOp(
            List.of(Operand.I64),
            new Vector(
                VectorTable.call(LaneFunction.of(shape + ".extendLow" + sign), LOADED),
                VectorTable.call(LaneFunction.of(shape + ".extendHigh" + sign), LOADED))));
  }
}
