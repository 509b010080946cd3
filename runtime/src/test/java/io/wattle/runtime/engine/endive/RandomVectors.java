package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.endive.vector.VectorAccess;
import io.wattle.runtime.engine.endive.vector.VectorOp;
import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import io.wattle.runtime.engine.endive.vector.VectorOp.Result;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/**
 * Vector instructions for {@link RandomModule}, whose values are the same everywhere: which NaN
 * comes of an operation on floating-point numbers is left open, so what it gives is made whole.
 */
final class RandomVectors {
  static final int V128 = 0x7b;
  private static final int PREFIX = 0xfd;
  private static final List<OpCode> GIVING_VECTORS = new ArrayList<>();
  private static final List<OpCode> GIVING_I32 = new ArrayList<>();
  private static final List<OpCode> LOADING = new ArrayList<>();
  private static final List<OpCode> STORING = new ArrayList<>();

  /** Of lanes that are numbers: they look at bits, or give none. */
  private static final Set<String> EXACT =
      Set.of("ABS", "NEG", "PMIN", "PMAX", "EQ", "NE", "LT", "GT", "LE", "GE");

  static {
    for (OpCode opcode : EnumSet.range(OpCode.V128_LOAD, OpCode.F64x2_CONVERT_LOW_I32x4_U)) {
      Instruction plain = new Instruction(0, opcode, new long[4]);
      switch (VectorAccess.of(plain)) {
        case VectorAccess.Load _ -> LOADING.add(opcode);
        case VectorAccess.Store _ -> STORING.add(opcode);
        case null -> {
          switch (operation(plain).result()) {
            case Result.Vector _ -> GIVING_VECTORS.add(opcode);
            case Result.Scalar(Operand type, var _) when type == Operand.I32 ->
                GIVING_I32.add(opcode);
            case Result.Scalar _ -> {} // might be a NaN, or is as the others
          }
        }
      }
    }
  }

  private final Random random;
  private final Values values;

  /** Where values come from, and where code goes. */
  interface Values {
    /** Writes code that gives a value. */
    void value(int type, int depth);

    /** Writes code that gives an address, nearly always inside the memory. */
    void address();

    ByteArrayOutputStream out();
  }

  RandomVectors(Random random, Values values) {
    this.random = random;
    this.values = values;
  }

  private static VectorOp operation(Instruction instruction) {
    VectorOp op = VectorOp.of(instruction);
    if (op == null) {
      throw new IllegalStateException(instruction.toString());
    }
    return op;
  }

  private OpCode any(List<OpCode> opcodes) {
    return opcodes.get(random.nextInt(opcodes.size()));
  }

  void constant() {
    begin(OpCode.V128_CONST);
    immediate(256);
  }

  private void immediate(int below) {
    boolean small = below > 32 && random.nextBoolean();
    for (int i = 0; i < 16; i++) {
      values.out().write(small && i % 4 != 0 ? 0 : random.nextInt(below));
    }
  }

  private void begin(OpCode opcode) {
    values.out().write(PREFIX);
    Leb128.write(values.out(), opcode.opcode() & 0xff);
  }

  /** An operation or a load that gives a vector. */
  void value(int depth) {
    if (random.nextInt(6) == 0) {
      access(any(LOADING), depth);
      return;
    }
    OpCode opcode = any(GIVING_VECTORS);
    operation(opcode, depth);
    String name = opcode.name();
    boolean exact = !name.startsWith("F") || EXACT.contains(name.substring(name.indexOf('_') + 1));
    if (!exact) {
      begin(
          name.startsWith("F32")
              ? OpCode.I32x4_TRUNC_SAT_F32X4_S
              : OpCode.I32x4_TRUNC_SAT_F64x2_S_ZERO);
    }
  }

  /** An operation that gives an i32 of a vector. */
  void i32(int depth) {
    operation(any(GIVING_I32), depth);
  }

  /** A lane that is an i64. */
  void i64(int depth) {
    operation(OpCode.I64x2_EXTRACT_LANE, depth);
  }

  void store(int depth) {
    access(any(STORING), depth);
  }

  private void operation(OpCode opcode, int depth) {
    for (Operand operand : operation(new Instruction(0, opcode, new long[4])).operands()) {
      values.value(type(operand), depth);
    }
    begin(opcode);
    switch (opcode) {
      case V128_CONST -> immediate(256);
      case I8x16_SHUFFLE -> immediate(32);
      default -> {
        if (opcode.name().contains("_LANE")) {
          values.out().write(random.nextInt(lanes(opcode.name())));
        }
      }
    }
  }

  private static int type(Operand operand) {
    return switch (operand) {
      case VECTOR -> V128;
      case I32 -> 0x7f;
      case I64 -> 0x7e;
      case F32 -> 0x7d;
      case F64 -> 0x7c;
    };
  }

  private static int lanes(String name) {
    return Integer.parseInt(name.substring(name.indexOf('x') + 1, name.indexOf('_')));
  }

  private void access(OpCode opcode, int depth) {
    String name = opcode.name();
    boolean ofLane = name.endsWith("_LANE");
    values.address();
    if (ofLane || name.equals("V128_STORE")) {
      values.value(V128, depth);
    }
    begin(opcode);
    values.out().write(0); // alignment
    values.out().write(random.nextInt(64));
    if (ofLane) {
      int bits = Integer.parseInt(name.replaceAll("V128_[A-Z]+|_LANE", ""));
      values.out().write(random.nextInt(128 / bits));
    }
  }
}
