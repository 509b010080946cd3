package io.wattle.runtime.binary;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Unsigned LEB128 numbers of 32 bits, as lengths and indices are written. For binaries that were
 * checked before; {@link BinaryReader} checks.
 */
public final class Leb128 {
  private Leb128() {}

  /** The number at the buffer's position, which moves behind it. */
  public static int read(ByteBuffer from) {
    int result = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = from.get();
      result |= (b & 0x7f) << shift;
      if (b >= 0) {
        return result;
      }
    }
  }

  /** Appends a number in as few bytes as it takes. */
  public static void write(ByteArrayOutputStream to, int value) {
    int left = value;
    while (left >>> 7 != 0) {
      to.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    to.write(left);
  }

  /** Appends a section: its number, how long it is, what is in it. */
  public static void section(ByteArrayOutputStream to, int id, byte[] content) {
    to.write(id);
    write(to, content.length);
    to.writeBytes(content);
  }
}
