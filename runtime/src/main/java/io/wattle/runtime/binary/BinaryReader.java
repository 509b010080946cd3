package io.wattle.runtime.binary;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.InvalidComponentException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over a part of a binary. Every count is checked against the bytes that are left before
 * anything is allocated for it.
 */
final class BinaryReader {
  /** Bytes of a name; messages repeat names. */
  private static final int MAX_NAME = 100_000;

  /** Elements of all lists of a binary: each becomes some fifty bytes and more. */
  private static final int MAX_PARTS = 2_000_000;

  private final byte[] data;
  private final int end;
  private final String section;
  private final Parts parts;
  private int at;

  /** What all readers of a binary have read. */
  private static final class Parts {
    private int count;
  }

  /** A reader of a whole binary. */
  BinaryReader(byte[] data, String section) {
    this(data, 0, data.length, section, new Parts());
  }

  private BinaryReader(byte[] data, int start, int end, String section, Parts parts) {
    this.data = data;
    this.at = start;
    this.end = end;
    this.section = section;
    this.parts = parts;
  }

  int offset() {
    return at;
  }

  int left() {
    return end - at;
  }

  boolean done() {
    return at >= end;
  }

  byte[] data() {
    return data;
  }

  InvalidComponentException malformed(int offset, String rule) {
    return new InvalidComponentException(Reason.MALFORMED, where(offset) + rule);
  }

  /** A byte that stands for none of the alternatives there are. */
  InvalidComponentException badByte(int offset, int got, String what, String expected) {
    return malformed(
        offset,
        "invalid leading byte (0x" + hex(got) + ") for " + what + " (expected: " + expected + ")");
  }

  /** Something that can be read and breaks a rule all the same. */
  InvalidComponentException invalid(int offset, String rule) {
    return new InvalidComponentException(Reason.INVALID, where(offset) + rule);
  }

  InvalidComponentException unsupported(int offset, String what) {
    return new InvalidComponentException(Reason.UNSUPPORTED, where(offset) + what);
  }

  private String where(int offset) {
    return "offset 0x" + Integer.toHexString(offset) + ", " + section + ": ";
  }

  int u8(String what) throws InvalidComponentException {
    if (at >= end) {
      throw malformed(at, "unexpected end-of-file (expected: " + what + ")");
    }
    return data[at++] & 0xff;
  }

  int peek(String what) throws InvalidComponentException {
    int value = u8(what);
    at--;
    return value;
  }

  void expect(int value, String what) throws InvalidComponentException {
    int start = at;
    int got = u8(what);
    if (got != value) {
      throw badByte(start, got, what, "0x" + hex(value));
    }
  }

  static String hex(int value) {
    return Integer.toHexString(value);
  }

  /** A byte that says whether something optional follows. */
  boolean flag(String what) throws InvalidComponentException {
    int start = at;
    int got = u8(what);
    if (got > 1) {
      throw badByte(start, got, what, "0, 1");
    }
    return got == 1;
  }

  /**
   * An unsigned LEB128 of 32 bits: an index or a length. Nothing has so many parts that those from
   * 2^31 on would have to be told apart.
   */
  int u32(String what) throws InvalidComponentException {
    return (int) Math.min(unsigned(32, what), Integer.MAX_VALUE);
  }

  /** An unsigned LEB128 of up to {@code bits} bits. */
  long unsigned(int bits, String what) throws InvalidComponentException {
    int start = at;
    long value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
      int b = u8(what);
      int room = bits - shift;
      if (room < 7 && (b & 0x7f) >>> room != 0) {
        throw malformed(start, what + ": integer too large for " + bits + " bits");
      }
      value |= (long) (b & 0x7f) << shift;
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    throw malformed(start, what + ": integer representation too long");
  }

  /** A signed LEB128 of 33 bits: an index if not negative, else an opcode. */
  long s33(String what) throws InvalidComponentException {
    int start = at;
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = u8(what);
      value |= (long) (b & 0x7f) << shift;
      if ((b & 0x80) == 0) {
        int used = shift + 7;
        long signed = value << (64 - used) >> (64 - used);
        if (signed >= 1L << 32 || signed < -(1L << 32)) {
          throw malformed(start, what + ": integer too large for 33 bits");
        }
        return signed;
      }
    }
    throw malformed(start, what + ": integer representation too long");
  }

  /** The number of elements that follow, each of at least one byte. */
  int count(String what) throws InvalidComponentException {
    int start = at;
    int count = u32("number of " + what);
    if (count > left()) {
      throw malformed(
          start,
          "unexpected end-of-file: number of "
              + what
              + ": "
              + count
              + " (expected: at most the "
              + left()
              + " bytes left)");
    }
    if (count > MAX_PARTS - parts.count) {
      throw malformed(start, "more than " + MAX_PARTS + " definitions, labels and the like");
    }
    parts.count += count;
    return count;
  }

  /** A name: length and UTF-8. Components have the same ones over and over: each is kept once. */
  String name(String what) throws InvalidComponentException {
    int start = at;
    int length = u32("length of " + what);
    if (length > left()) {
      throw malformed(
          start,
          "unexpected end-of-file: length of "
              + what
              + ": "
              + length
              + " (expected: at most the "
              + left()
              + " bytes left)");
    }
    if (length > MAX_NAME) {
      throw malformed(
          start, "length of " + what + ": " + length + " (expected: at most " + MAX_NAME + ")");
    }
    try {
      String name =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data, at, length)).toString();
      at += length;
      return name.intern();
    } catch (CharacterCodingException e) {
      throw malformed(start, "malformed UTF-8 encoding of " + what);
    }
  }

  /** A reader of the next {@code length} bytes, which this one skips. */
  BinaryReader slice(int length, String section) {
    BinaryReader slice = new BinaryReader(data, at, at + length, section, parts);
    at += length;
    return slice;
  }
}
