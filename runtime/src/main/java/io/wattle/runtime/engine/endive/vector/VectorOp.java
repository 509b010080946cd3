package io.wattle.runtime.engine.endive.vector;

import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;

/**
 * What a vector instruction computes, in terms of the 64-bit halves of its operands.
 *
 * @param operands what it takes off the stack, the lowest first
 * @param result what it puts there instead
 */
public record VectorOp(List<Operand> operands, Result result) {
  public VectorOp {
    operands = List.copyOf(operands);
  }

  /** Types of operands. Those of floating-point numbers are seen as their bits. */
  public enum Operand {
    VECTOR,
    I32,
    I64,
    F32,
    F64
  }

  /** What is computed. */
  public sealed interface Result {
    /** A vector, of two i64. */
    record Vector(Part low, Part high) implements Result {}

    /**
     * A number.
     *
     * @param value an i32 for I32 and F32, an i64 for I64 and F64: of floats the bits
     */
    record Scalar(Operand type, Part value) implements Result {}
  }

  /** How a half, or a number, is computed. */
  public sealed interface Part {
    /** A half of a vector, an i64: bytes 0 to 7 (low) or 8 to 15, the first one least. */
    record Half(int operand, boolean high) implements Part {}

    /** An operand that is no vector; floats as their bits. */
    record Value(int operand) implements Part {}

    /** An i32 or i64, as the parameter it goes to; an i64 where it is a half of a vector. */
    record Constant(long bits) implements Part {}

    /** What a method answers. */
    record Call(LaneFunction function, List<Part> arguments) implements Part {
      public Call {
        arguments = List.copyOf(arguments);
      }
    }
  }

  /**
   * Describes an instruction; its immediates are in the parts.
   *
   * @return null for memory accesses ({@link VectorAccess}) and for what is no vector instruction
   */
  public static @Nullable VectorOp of(Instruction instruction) {
    return VectorTable.of(instruction);
  }
}
