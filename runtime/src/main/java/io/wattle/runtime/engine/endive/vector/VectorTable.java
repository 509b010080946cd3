package io.wattle.runtime.engine.endive.vector;

import static io.wattle.runtime.engine.endive.vector.VectorOp.Operand.I32;
import static io.wattle.runtime.engine.endive.vector.VectorOp.Operand.VECTOR;

import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Call;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Constant;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Half;
import io.wattle.runtime.engine.endive.vector.VectorOp.Part.Value;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result.Scalar;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result.Vector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/**
 * Vector instructions that access no memory (core specification, 4.4.3 "vector instructions"). An
 * instruction's name says which function it is, and the function's type what it is given: each half
 * of the operands in turn, or both at once.
 */
final class VectorTable {
  /** Those without immediates. */
  private static final Map<OpCode, VectorOp> PLAIN = new EnumMap<>(OpCode.class);

  /** Those with a lane, by the lane, and those that others stand for, by the mark of these. */
  private static final Map<OpCode, List<VectorOp>> BY_LANE = new EnumMap<>(OpCode.class);

  private static final Half LOW = new Half(0, false);
  private static final Half HIGH = new Half(0, true);
  private static final Part ZERO = new Constant(0);

  static {
    for (OpCode opcode : OpCode.values()) {
      if (VectorName.isVector(opcode)) {
        put(opcode, VectorName.of(opcode));
      }
    }
    for (OpCode opcode : RelaxedOp.marked()) {
      List<VectorOp> meanings = new ArrayList<>(List.of(plain(opcode)));
      RelaxedOp.functions(opcode).forEach(function -> meanings.add(lanes(function)));
      BY_LANE.put(opcode, meanings);
    }
  }

  private VectorTable() {}

  static @Nullable VectorOp of(Instruction instruction) {
    OpCode opcode = instruction.opcode();
    return switch (opcode) {
      case V128_CONST ->
          new VectorOp(
              List.of(),
              new Vector(
                  new Constant(instruction.operand(0)), new Constant(instruction.operand(1))));
      case I8x16_SHUFFLE ->
          new VectorOp(
              List.of(VECTOR, VECTOR),
              new Vector(
                  Shuffles.half(instruction.operand(0)), Shuffles.half(instruction.operand(1))));
      default -> {
        List<VectorOp> lanes = BY_LANE.get(opcode);
        yield lanes == null || instruction.operandCount() == 0
            ? PLAIN.get(opcode)
            : lanes.get((int) instruction.operand(0));
      }
    };
  }

  /** One that has no immediates. */
  static VectorOp plain(OpCode opcode) {
    return known(PLAIN.get(opcode), opcode);
  }

  /** One that has a lane. */
  static VectorOp ofLane(OpCode opcode, int lane) {
    return known(BY_LANE.get(opcode), opcode).get(lane);
  }

  private static <T> T known(@Nullable T described, OpCode opcode) {
    if (described == null) {
      throw new IllegalArgumentException("not such an instruction: " + opcode);
    }
    return described;
  }

  private static void put(OpCode opcode, VectorName name) {
    switch (name.kind()) {
      case MEMORY, IMMEDIATE -> {} // described elsewhere
      case SPLAT -> PLAIN.put(opcode, splat(name));
      case EXTRACT -> BY_LANE.put(opcode, name.lanes().mapToObj(i -> extract(name, i)).toList());
      case REPLACE -> BY_LANE.put(opcode, name.lanes().mapToObj(i -> replace(name, i)).toList());
      case NARROW -> PLAIN.put(opcode, narrow(name.function()));
      case TO_ZERO ->
          PLAIN.put(
              opcode,
              new VectorOp(List.of(VECTOR), new Vector(call(name.function(), LOW, HIGH), ZERO)));
      case WIDEN -> PLAIN.put(opcode, widen(name));
      case SWIZZLE -> PLAIN.put(opcode, swizzle(name.function()));
      case LANES -> PLAIN.put(opcode, lanes(name.function()));
    }
  }

  static Call call(LaneFunction function, Part... arguments) {
    return new Call(function, List.of(arguments));
  }

  private static List<Operand> vectors(int count) {
    return Collections.nCopies(count, VECTOR);
  }

  /** What is done with each half, or with both to get a number, as the function's type says. */
  private static VectorOp lanes(LaneFunction function) {
    int parameters = function.type().parameterCount();
    if (function.type().returnType() == int.class) {
      return new VectorOp(List.of(VECTOR), new Scalar(I32, call(function, LOW, HIGH)));
    }
    if (function.type().lastParameterType() == int.class) {
      return new VectorOp(
          List.of(VECTOR, I32),
          new Vector(call(function, LOW, new Value(1)), call(function, HIGH, new Value(1))));
    }
    return new VectorOp(
        vectors(parameters),
        new Vector(halves(function, parameters, false), halves(function, parameters, true)));
  }

  private static Call halves(LaneFunction function, int count, boolean high) {
    return new Call(
        function, IntStream.range(0, count).<Part>mapToObj(i -> new Half(i, high)).toList());
  }

  private static VectorOp splat(VectorName name) {
    Part half = name.laneBits() == 64 ? new Value(0) : call(name.onIntegers("splat"), new Value(0));
    return new VectorOp(List.of(name.lane()), new Vector(half, half));
  }

  private static VectorOp extract(VectorName name, int lane) {
    int perHalf = 64 / name.laneBits();
    Half half = new Half(0, lane >= perHalf);
    Part value =
        name.laneBits() == 64
            ? half
            : call(name.onIntegers(name.method()), half, new Constant(lane % perHalf));
    return new VectorOp(List.of(VECTOR), new Scalar(name.lane(), value));
  }

  private static VectorOp replace(VectorName name, int lane) {
    int perHalf = 64 / name.laneBits();
    boolean high = lane >= perHalf;
    Half half = new Half(0, high);
    Part replaced =
        name.laneBits() == 64
            ? new Value(1)
            : call(
                name.onIntegers(name.method()), half, new Value(1), new Constant(lane % perHalf));
    return new VectorOp(
        List.of(VECTOR, name.lane()),
        high ? new Vector(LOW, replaced) : new Vector(replaced, HIGH));
  }

  private static VectorOp narrow(LaneFunction function) {
    return new VectorOp(
        vectors(2),
        new Vector(
            call(function, LOW, HIGH), call(function, new Half(1, false), new Half(1, true))));
  }

  /** One half of each operand becomes two. */
  private static VectorOp widen(VectorName name) {
    LaneFunction low = name.function("High", "Low");
    LaneFunction high = name.function("Low", "High");
    int operands = low.type().parameterCount();
    boolean ofHigh = name.method().contains("High");
    return new VectorOp(
        vectors(operands),
        new Vector(halves(low, operands, ofHigh), halves(high, operands, ofHigh)));
  }

  private static VectorOp swizzle(LaneFunction function) {
    return new VectorOp(
        vectors(2),
        new Vector(
            call(function, LOW, HIGH, new Half(1, false)),
            call(function, LOW, HIGH, new Half(1, true))));
  }
}
