package io.wattle.runtime.engine.endive;

import java.util.ArrayList;
import java.util.List;
import run.endive.wasm.InvalidException;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/**
 * A constant expression that must give an i64 (core specification, 3.4.14): it says where in a
 * memory or table of 64 bits a segment goes. Whoever reads it validates it: Endive takes only those
 * that give an i32.
 */
final class OffsetExpression {
  private static final int GLOBAL_GET = 0x23;
  private static final int I64_CONST = 0x42;
  private static final int I64_ADD = 0x7c;
  private static final int I64_SUB = 0x7d;
  private static final int I64_MUL = 0x7e;
  private static final int END = 0x0b;

  /** Which globals there are: whether it may be named here, and is of this type. */
  enum Global {
    CONSTANT_I64,
    OF_ANOTHER_TYPE,
    MUTABLE
  }

  private OffsetExpression() {}

  /**
   * Reads one, its end included.
   *
   * @throws InvalidException when it is not valid
   */
  static List<Instruction> read(Instructions in, List<Global> globals) {
    List<Instruction> read = new ArrayList<>();
    int height = 0;
    for (int opcode = in.u8(); opcode != END; opcode = in.u8()) {
      switch (opcode) {
        case I64_CONST -> {
          read.add(new Instruction(0, OpCode.I64_CONST, new long[] {in.signed64()}));
          height++;
        }
        case GLOBAL_GET -> {
          long global = in.unsigned(Integer.SIZE);
          check(global, globals);
          read.add(new Instruction(0, OpCode.GLOBAL_GET, new long[] {global}));
          height++;
        }
        case I64_ADD, I64_SUB, I64_MUL -> {
          read.add(new Instruction(0, OpCode.byOpCode(opcode), new long[0]));
          if (--height < 1) {
            throw mismatch();
          }
        }
        default -> throw mismatch();
      }
    }
    if (height != 1) {
      throw mismatch();
    }
    return List.copyOf(read);
  }

  private static void check(long global, List<Global> globals) {
    if (global >= globals.size()) {
      throw new InvalidException("an offset of a segment: unknown global " + global);
    }
    switch (globals.get((int) global)) {
      case CONSTANT_I64 -> {}
      case OF_ANOTHER_TYPE -> throw mismatch();
      case MUTABLE ->
          throw new InvalidException(
              "an offset of a segment: constant expression required (global "
                  + global
                  + " is mutable)");
    }
  }

  private static InvalidException mismatch() {
    return new InvalidException(
        "an offset of a segment: type mismatch (expected: a constant expression of type i64, since"
            + " the memory or table has 64-bit addresses)");
  }
}
