package io.wattle.runtime.engine.endive;

import java.util.function.IntUnaryOperator;

/**
 * Sums, differences and products of 128 bits, each of two i64, the lower half below, in
 * instructions of 64 bits (wide arithmetic proposal).
 */
final class WideArithmetic {
  private static final int ADD_128 = Instructions.WIDE_ARITHMETIC;
  private static final int SUB_128 = ADD_128 + 1;
  private static final int MUL_WIDE_S = ADD_128 + 2;
  private static final long LOWER = 0xffff_ffffL;

  private static final int GET = 0x20;
  private static final int SET = 0x21;
  private static final int TEE = 0x22;
  private static final int I64_CONST = 0x42;
  private static final int I64_LT_U = 0x54;
  private static final int I64_ADD = 0x7c;
  private static final int I64_SUB = 0x7d;
  private static final int I64_MUL = 0x7e;
  private static final int I64_AND = 0x83;
  private static final int I64_SHR_S = 0x87;
  private static final int I64_SHR_U = 0x88;
  private static final int I64_EXTEND_I32_U = 0xad;

  private final Rewriter out;
  private final IntUnaryOperator locals;

  /**
   * @param locals gives i64 locals by number, for what is not kept
   */
  WideArithmetic(Rewriter out, IntUnaryOperator locals) {
    this.out = out;
    this.locals = locals;
  }

  void write(int opcode) {
    switch (opcode) {
      case ADD_128 -> sum();
      case SUB_128 -> difference();
      default -> product(opcode == MUL_WIDE_S ? I64_SHR_S : I64_SHR_U);
    }
  }

  private WideArithmetic local(int opcode, int number) {
    out.bytes(opcode).unsigned(locals.applyAsInt(number));
    return this;
  }

  private WideArithmetic then(int... opcodes) {
    out.bytes(opcodes);
    return this;
  }

  private WideArithmetic constant(long value) {
    out.bytes(I64_CONST).signed(value);
    return this;
  }

  /** There is a carry when the lower half is less than one that was added. */
  private void sum() {
    local(SET, 3).local(SET, 2).local(SET, 1).local(TEE, 0);
    local(GET, 2).then(I64_ADD).local(TEE, 2);
    local(GET, 1).local(GET, 3).then(I64_ADD);
    local(GET, 2).local(GET, 0).then(I64_LT_U, I64_EXTEND_I32_U, I64_ADD);
  }

  private void difference() {
    local(SET, 3).local(SET, 2).local(SET, 1).local(TEE, 0);
    local(GET, 2).then(I64_SUB);
    local(GET, 1).local(GET, 3).then(I64_SUB);
    local(GET, 0).local(GET, 2).then(I64_LT_U, I64_EXTEND_I32_U, I64_SUB);
  }

  /**
   * The lower half is what 64 bits give. The upper one is made of the products of halves: a = a1 *
   * 2^32 + a0, and so with b.
   *
   * @param shift with sign or without: what the upper halves have
   */
  private void product(int shift) {
    int a = 0;
    int b = 1;
    int a0 = 2;
    int b0 = 3;
    local(SET, b).local(TEE, a).local(GET, b).then(I64_MUL);
    local(GET, a).constant(LOWER).then(I64_AND).local(TEE, a0);
    local(GET, b).constant(LOWER).then(I64_AND).local(TEE, b0);
    then(I64_MUL).constant(32).then(I64_SHR_U); // what a0 * b0 carries
    local(GET, a).constant(32).then(shift).local(TEE, a).local(GET, b0).then(I64_MUL, I64_ADD);
    local(TEE, b0).constant(LOWER).then(I64_AND); // a1 * b0 with it: b0 is not needed any more
    local(GET, b).constant(32).then(shift).local(TEE, b).local(GET, a0).then(I64_MUL, I64_ADD);
    constant(32).then(shift);
    local(GET, b0).constant(32).then(shift, I64_ADD);
    local(GET, a).local(GET, b).then(I64_MUL, I64_ADD);
  }
}
