package io.wattle.runtime.engine.endive;

import static io.wattle.runtime.engine.endive.RandomModule.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.StoreLimits;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Shortcuts} writes anew computes what the specification says. */
class ShortcutsTest {
  private static final int WRAP = 0xa7;
  private static final int EQZ = 0x45;
  private static final int EXTEND = 0xac;
  private static final List<Long> VALUES =
      List.of(
          0L,
          1L,
          -1L,
          5L,
          31L,
          200L,
          0x8000L,
          0x8000_0000L,
          0x7fff_ffffL,
          0x1234_5678_9abc_def0L,
          Long.MIN_VALUE,
          Long.MAX_VALUE);

  private static Arguments test(String name, int opcode, boolean isLong, LongBinaryOperator holds) {
    return Arguments.of(name, opcode, isLong, name.endsWith("eqz"), holds);
  }

  private static long bit(boolean holds) {
    return holds ? 1 : 0;
  }

  private static Stream<Arguments> comparisons() {
    return Stream.of(
        test("i32.eqz", 0x45, false, (a, b) -> bit((int) a == 0)),
        test("i32.eq", 0x46, false, (a, b) -> bit((int) a == (int) b)),
        test("i32.ne", 0x47, false, (a, b) -> bit((int) a != (int) b)),
        test("i32.lt_s", 0x48, false, (a, b) -> bit((int) a < (int) b)),
        test("i32.lt_u", 0x49, false, (a, b) -> bit(low(a) < low(b))),
        test("i32.gt_s", 0x4a, false, (a, b) -> bit((int) a > (int) b)),
        test("i32.gt_u", 0x4b, false, (a, b) -> bit(low(a) > low(b))),
        test("i32.le_s", 0x4c, false, (a, b) -> bit((int) a <= (int) b)),
        test("i32.le_u", 0x4d, false, (a, b) -> bit(low(a) <= low(b))),
        test("i32.ge_s", 0x4e, false, (a, b) -> bit((int) a >= (int) b)),
        test("i32.ge_u", 0x4f, false, (a, b) -> bit(low(a) >= low(b))),
        test("i64.eqz", 0x50, true, (a, b) -> bit(a == 0)),
        test("i64.eq", 0x51, true, (a, b) -> bit(a == b)),
        test("i64.ne", 0x52, true, (a, b) -> bit(a != b)),
        test("i64.lt_s", 0x53, true, (a, b) -> bit(a < b)),
        test("i64.lt_u", 0x54, true, (a, b) -> bit(Long.compareUnsigned(a, b) < 0)),
        test("i64.gt_s", 0x55, true, (a, b) -> bit(a > b)),
        test("i64.gt_u", 0x56, true, (a, b) -> bit(Long.compareUnsigned(a, b) > 0)),
        test("i64.le_s", 0x57, true, (a, b) -> bit(a <= b)),
        test("i64.le_u", 0x58, true, (a, b) -> bit(Long.compareUnsigned(a, b) <= 0)),
        test("i64.ge_s", 0x59, true, (a, b) -> bit(a >= b)),
        test("i64.ge_u", 0x5a, true, (a, b) -> bit(Long.compareUnsigned(a, b) >= 0)));
  }

  private static long low(long value) {
    return value & 0xffff_ffffL;
  }

  private static Arguments of(
      String name, int opcode, boolean isLong, boolean isUnary, LongBinaryOperator result) {
    return Arguments.of(name, opcode, isLong, isUnary, result);
  }

  private static Stream<Arguments> operations() {
    return Stream.of(
        of("i32.clz", 0x67, false, true, (a, b) -> Integer.numberOfLeadingZeros((int) a)),
        of("i32.ctz", 0x68, false, true, (a, b) -> Integer.numberOfTrailingZeros((int) a)),
        of("i32.popcnt", 0x69, false, true, (a, b) -> Integer.bitCount((int) a)),
        of("i32.rotl", 0x77, false, false, (a, b) -> turned(a, b, 32)),
        of("i32.rotr", 0x78, false, false, (a, b) -> turned(a, -b, 32)),
        of("i32.extend8_s", 0xc0, false, true, (a, b) -> (byte) a),
        of("i32.extend16_s", 0xc1, false, true, (a, b) -> (short) a),
        of("i64.clz", 0x79, true, true, (a, b) -> Long.numberOfLeadingZeros(a)),
        of("i64.ctz", 0x7a, true, true, (a, b) -> Long.numberOfTrailingZeros(a)),
        of("i64.popcnt", 0x7b, true, true, (a, b) -> Long.bitCount(a)),
        of("i64.rotl", 0x89, true, false, (a, b) -> turned(a, b, 64)),
        of("i64.rotr", 0x8a, true, false, (a, b) -> turned(a, -b, 64)),
        of("i64.extend32_s", 0xc4, true, true, (a, b) -> (int) a));
  }

  /** To the left, bit by bit; 32 bits as signed. */
  private static long turned(long value, long by, int bits) {
    long result = 0;
    for (int bit = 0; bit < bits; bit++) {
      long to = Math.floorMod(bit + Math.floorMod(by, (long) bits), (long) bits);
      result |= ((value >>> bit) & 1) << to;
    }
    return bits == 32 ? (int) result : result;
  }

  /** Three functions of two i64: the result as it is, by an if, and by br_if with i32.eqz twice. */
  private static byte[] module(int opcode, boolean isLong, boolean isUnary, boolean isTest) {
    byte[] value = value(opcode, isLong, isUnary);
    byte[] widened = isTest || !isLong ? bytes(EXTEND) : bytes();
    byte[] onIf = bytes(0x04, 0x7e, 0x42, 1, 0x05, 0x42, 0, 0x0b);
    byte[] block = bytes(0x02, 0x7e, 0x42, 0);
    byte[] onBranch = bytes(EQZ, EQZ, EQZ, 0x0d, 0, 0x1a, 0x42, 1, 0x0b);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    Leb128.section(out, 1, bytes(1, 0x60, 2, 0x7e, 0x7e, 1, 0x7e));
    int count = isTest ? 3 : 1;
    Leb128.section(out, 3, isTest ? bytes(3, 0, 0, 0) : bytes(1, 0));
    ByteArrayOutputStream exports = new ByteArrayOutputStream();
    exports.write(count);
    for (int i = 0; i < count; i++) {
      exports.writeBytes(bytes(1, 'a' + i, 0, i));
    }
    Leb128.section(out, 7, exports.toByteArray());
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(count);
    body(code, value, widened);
    if (isTest) {
      body(code, value, onIf);
      body(code, block, value, onBranch);
    }
    Leb128.section(out, 10, code.toByteArray());
    return out.toByteArray();
  }

  private static byte[] value(int opcode, boolean isLong, boolean isUnary) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < (isUnary ? 1 : 2); i++) {
      out.writeBytes(bytes(0x20, i));
      out.writeBytes(isLong ? bytes() : bytes(WRAP));
    }
    out.write(opcode);
    return out.toByteArray();
  }

  private static void body(ByteArrayOutputStream to, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(0);
    Stream.of(parts).forEach(body::writeBytes);
    body.write(0x0b);
    Leb128.write(to, body.size());
    to.writeBytes(body.toByteArray());
  }

  private static void check(byte[] module, List<String> exports, LongBinaryOperator expected)
      throws Exception {
    try (CoreEngine engine = Guests.engine(Execution.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(engine.compile(module), CoreImports.NONE);
      for (String export : exports) {
        for (long a : VALUES) {
          for (long b : VALUES) {
            assertThat(Guests.call(instance, export, a, b))
                .as("%s of %x and %x", export, a, b)
                .isEqualTo(expected.applyAsLong(a, b));
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("comparisons")
  void comparisonsHoldWhereTheyShallAndJumpsFollowThem(
      String name, int opcode, boolean isLong, boolean isUnary, LongBinaryOperator holds)
      throws Exception {
    check(module(opcode, isLong, isUnary, true), List.of("a", "b", "c"), holds);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void operationsGiveWhatTheyDidAsCalls(
      String name, int opcode, boolean isLong, boolean isUnary, LongBinaryOperator result)
      throws Exception {
    check(module(opcode, isLong, isUnary, false), List.of("a"), result);
  }
}
