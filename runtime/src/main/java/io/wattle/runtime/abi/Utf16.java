package io.wattle.runtime.abi;

/** UTF-16, strictly. */
final class Utf16 {
  private Utf16() {}

  /** The text of little-endian code units, whose surrogates must be paired. */
  static String decode(byte[] data) {
    char[] chars = new char[data.length / 2];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) ((data[2 * i] & 0xff) | data[2 * i + 1] << 8);
    }
    for (int i = 0; i < chars.length; i++) {
      if (Character.isSurrogate(chars[i])) {
        boolean pair =
            Character.isHighSurrogate(chars[i])
                && i + 1 < chars.length
                && Character.isLowSurrogate(chars[i + 1]);
        if (!pair) {
          throw Traps.trap("invalid utf-16 encoding: unpaired surrogate at code unit " + i);
        }
        i++;
      }
    }
    return new String(chars);
  }
}
