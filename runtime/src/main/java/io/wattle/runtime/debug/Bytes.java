package io.wattle.runtime.debug;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a custom section holds; everything that does not fit is {@link Malformed}. */
final class Bytes {
  private static final int LONGEST_TEXT = 512;
  private static final int LONGEST_TERMINATED = 4096;

  /** Content that makes no sense. Such a section is as good as none. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  private final byte[] bytes;
  private final int end;
  private int at;

  Bytes(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  Bytes(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  int at() {
    return at;
  }

  int left() {
    return end - at;
  }

  boolean isEmpty() {
    return at >= end;
  }

  /** The next bytes, to be read on their own. */
  Bytes part(long length) throws Malformed {
    int from = at;
    skip(length);
    return new Bytes(bytes, from, at);
  }

  void skip(long length) throws Malformed {
    if (length < 0 || length > end - at) {
      throw new Malformed("cut short at " + at);
    }
    at += (int) length;
  }

  /** The same from an offset on, with this one left where it is. */
  Bytes from(long offset) throws Malformed {
    Bytes same = new Bytes(bytes, at, end);
    same.skip(offset);
    return same;
  }

  byte[] copy(long length) throws Malformed {
    int from = at;
    skip(length);
    return Arrays.copyOfRange(bytes, from, at);
  }

  int u8() throws Malformed {
    skip(1);
    return bytes[at - 1] & 0xff;
  }

  /** A little-endian number of 1 to 8 bytes. */
  long fixed(int size) throws Malformed {
    skip(size);
    long value = 0;
    for (int i = 1; i <= size; i++) {
      value = (value << 8) | (bytes[at - i] & 0xff);
    }
    return value;
  }

  /** An unsigned LEB128; bits beyond the 64th are lost. */
  long unsigned() throws Malformed {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = u8();
      value |= shift < 64 ? (b & 0x7fL) << shift : 0;
      if (b < 0x80) {
        return value;
      }
    }
  }

  /** An unsigned LEB128 that counts something. */
  int count() throws Malformed {
    long value = unsigned();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new Malformed("count " + Long.toUnsignedString(value) + " at " + at);
    }
    return (int) value;
  }

  /** A signed LEB128. */
  long signed() throws Malformed {
    long value = 0;
    int shift = 0;
    int b;
    do {
      b = u8();
      value |= shift < 64 ? (b & 0x7fL) << shift : 0;
      shift += 7;
    } while (b >= 0x80);
    return shift < 64 && (b & 0x40) != 0 ? value | -1L << shift : value;
  }

  /** Text of a known length, of which only so much is kept as somebody wants to read. */
  String text(long length) throws Malformed {
    int from = at;
    skip(length);
    return new String(bytes, from, Math.min(at - from, LONGEST_TEXT), StandardCharsets.UTF_8);
  }

  /** Text that ends with a zero byte. */
  String terminated() throws Malformed {
    int from = at;
    while (u8() != 0) {
      if (at - from > LONGEST_TERMINATED) {
        throw new Malformed("text without end at " + from);
      }
    }
    int length = Math.min(at - 1 - from, LONGEST_TEXT);
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
