package io.wattle.runtime.abi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** Traps unless all bytes are valid UTF-8. */
  static void check(byte[] data) {
    int at = 0;
    while (at < data.length) {
      if (at + 8 <= data.length && ((long) LONGS.get(data, at) & HIGH_BITS) == 0) {
        at += 8;
        continue;
      }
      int length = sequence(data, at);
      if (length == 0) {
        throw Traps.trap("invalid utf-8 sequence at byte " + at + " of a string");
      }
      at += length;
    }
  }

  /** The length of the valid sequence that starts here, or 0 (Unicode, table 3-7). */
  private static int sequence(byte[] data, int at) {
    int first = data[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    if (first >= 0xc2 && first <= 0xdf) {
      return follows(data, at + 1, 0x80, 0xbf) ? 2 : 0;
    }
    if (first >= 0xe0 && first <= 0xef) {
      int low = first == 0xe0 ? 0xa0 : 0x80;
      int high = first == 0xed ? 0x9f : 0xbf;
      return follows(data, at + 1, low, high) && follows(data, at + 2, 0x80, 0xbf) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
      int low = first == 0xf0 ? 0x90 : 0x80;
      int high = first == 0xf4 ? 0x8f : 0xbf;
      return follows(data, at + 1, low, high)
              && follows(data, at + 2, 0x80, 0xbf)
              && follows(data, at + 3, 0x80, 0xbf)
          ? 4
          : 0;
    }
    return 0;
  }

  private static boolean follows(byte[] data, int at, int low, int high) {
    return at < data.length && (data[at] & 0xff) >= low && (data[at] & 0xff) <= high;
  }
}
