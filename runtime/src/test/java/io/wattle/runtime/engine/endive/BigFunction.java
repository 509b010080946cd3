package io.wattle.runtime.engine.endive;

import static io.wattle.runtime.engine.endive.RandomModule.bytes;

import io.wattle.runtime.binary.Leb128;
import io.wattle.runtime.engine.endive.vector.I32x4;
import io.wattle.runtime.engine.endive.vector.I8x16;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * A module with functions that are too large to become JVM methods, assembled here because as text
 * it would be a quarter of a megabyte.
 */
final class BigFunction {
  /** Too many for 64 KiB of bytecode at five bytes each. */
  private static final int STEPS = 16_000;

  /** The same of vectors, at some twenty. */
  private static final int ADDITIONS = 4_000;

  private static final int LOCALS = 20_000;

  private BigFunction() {}

  /**
   * Something that keeps the splitter from cutting a function: block, ref.null, br_on_null, drop,
   * end.
   */
  private static final byte[] WHOLE = bytes(0x02, 0x40, 0xd0, 0x70, 0xd5, 0, 0x1a, 0x0b);

  /**
   * "twist" (i32 -> i32), "spin" (endless) and "deep" (calls itself for ever), all too large, and
   * "small", which calls the first.
   *
   * @param whole whether they cannot be cut into smaller ones
   */
  static byte[] module(boolean whole) {
    byte[] first = whole ? WHOLE : bytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    Leb128.section(out, 1, bytes(1, 0x60, 1, 0x7f, 1, 0x7f));
    Leb128.section(out, 3, bytes(4, 0, 0, 0, 0));
    Leb128.section(out, 7, exports(List.of("twist", "spin", "deep", "small")));
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(4);
    body(code, twisting(new byte[] {0}, first, new byte[] {}));
    // loop (result i32) ... br 0 end
    body(code, looping(first));
    ByteArrayOutputStream locals = new ByteArrayOutputStream();
    locals.write(1);
    Leb128.write(locals, LOCALS);
    locals.write(0x7f);
    body(code, twisting(locals.toByteArray(), first, bytes(0x10, 2)));
    // A small one that is compiled and calls the interpreted one.
    body(code, bytes(0, 0x20, 0, 0x10, 0, 0x0b));
    Leb128.section(out, 10, code.toByteArray());
    return out.toByteArray();
  }

  /**
   * "jumps", which is too large and ends in a tail call of "small", and "small", which is not and
   * ends in one of a function that is too large and twists.
   */
  static byte[] tailCalls() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    Leb128.section(out, 1, bytes(1, 0x60, 1, 0x7f, 1, 0x7f));
    Leb128.section(out, 3, bytes(3, 0, 0, 0));
    Leb128.section(out, 7, exports(List.of("twist", "jumps", "small")));
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(3);
    byte[] locals = bytes(1, 3, 0x7e);
    body(code, twisting(locals, WHOLE, bytes()));
    body(code, twisting(locals, WHOLE, bytes(0x12, 2)));
    body(code, bytes(0, 0x20, 0, 0x12, 0, 0x0b));
    Leb128.section(out, 10, code.toByteArray());
    return out.toByteArray();
  }

  /**
   * "sum" (v128 -> v128), which is too large and cannot be cut, and ends with a call of a small
   * function that negates bytes; and "small", which calls it. It has what the interpreter must be
   * told of vectors: locals that are set, select, drop, an instruction of relaxed SIMD.
   */
  static byte[] vectors() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    Leb128.section(out, 1, bytes(1, 0x60, 1, 0x7b, 1, 0x7b));
    Leb128.section(out, 3, bytes(3, 0, 0, 0));
    Leb128.section(out, 7, exports(List.of("sum", "negate", "small")));
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(3);
    ByteArrayOutputStream sum = new ByteArrayOutputStream();
    sum.writeBytes(bytes(1, 1, 0x7b)); // one more local
    sum.writeBytes(WHOLE);
    // local.get 0, three times, i32x4.relaxed_dot_i8x16_i7x16_add_s, local.set 0
    sum.writeBytes(bytes(0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x93, 2, 0x21, 0));
    for (int i = 0; i < ADDITIONS; i++) {
      sum.writeBytes(bytes(0x20, 0, 0xfd, 12)); // local.get 0, v128.const
      sum.writeBytes(bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
      sum.writeBytes(bytes(0xfd, 0x6e, 0x22, 1, 0x21, 0)); // i8x16.add, local.tee 1, local.set 0
    }
    // local.get 0, local.get 1, i32.const 0, select, local.get 0, drop, call 1
    sum.writeBytes(bytes(0x20, 0, 0x20, 1, 0x41, 0, 0x1b, 0x20, 0, 0x1a, 0x10, 1, 0x0b));
    body(code, sum.toByteArray());
    body(code, bytes(0, 0x20, 0, 0xfd, 0x61, 0x0b)); // local.get 0, i8x16.neg
    body(code, bytes(0, 0x20, 0, 0x10, 0, 0x0b));
    Leb128.section(out, 10, code.toByteArray());
    return out.toByteArray();
  }

  /** What "sum" computes. */
  static long[] sum(long low, long high) {
    return new long[] {
      half(low, 0x0706050403020100L), half(high, 0x0f0e0d0c0b0a0908L),
    };
  }

  private static long half(long half, long added) {
    long result = I32x4.dotAddS(half, half, half);
    for (int i = 0; i < ADDITIONS; i++) {
      result = I8x16.add(result, added);
    }
    return I8x16.neg(result);
  }

  /** What "twist" computes. */
  static int twist(int value) {
    int result = value;
    for (int i = 0; i < STEPS; i++) {
      result = (result ^ 7) + 1;
    }
    return result;
  }

  private static void steps(ByteArrayOutputStream out) {
    for (int i = 0; i < STEPS; i++) {
      out.writeBytes(bytes(0x41, 7, 0x73, 0x41, 1, 0x6a)); // i32.const 7, xor, i32.const 1, add
    }
  }

  private static byte[] twisting(byte[] locals, byte[] first, byte[] then) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(locals);
    out.writeBytes(first);
    out.writeBytes(bytes(0x20, 0));
    steps(out);
    out.writeBytes(then);
    out.write(0x0b);
    return out.toByteArray();
  }

  private static byte[] looping(byte[] first) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.writeBytes(first);
    out.writeBytes(bytes(0x03, 0x7f, 0x20, 0));
    steps(out);
    out.writeBytes(bytes(0x21, 0, 0x0c, 0, 0x0b, 0x0b)); // local.set 0, br 0, end, end
    return out.toByteArray();
  }

  private static byte[] exports(List<String> names) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(names.size());
    for (int i = 0; i < names.size(); i++) {
      byte[] name = names.get(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      out.write(name.length);
      out.writeBytes(name);
      out.writeBytes(bytes(0, i));
    }
    return out.toByteArray();
  }

  private static void body(ByteArrayOutputStream out, byte[] body) {
    Leb128.write(out, body.length);
    out.writeBytes(body);
  }
}
