package io.wattle.runtime.suite;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Gives exports names that fit on a command line. */
final class ExportNames {
  private static final int HEADER = 8;
  private static final int EXPORT = 7;
  private final byte[] wasm;
  private int at = HEADER;

  private ExportNames(byte[] wasm) {
    this.wasm = wasm;
  }

  /** A valid module, its exports renamed to {@code e0}, {@code e1} ... */
  static byte[] numbered(byte[] wasm) {
    return new ExportNames(wasm).numbered();
  }

  private byte[] numbered() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(wasm, 0, HEADER);
    while (at < wasm.length) {
      int start = at;
      int id = wasm[at++];
      int end = number() + at;
      if (id == EXPORT) {
        byte[] exports = exports();
        out.write(id);
        number(out, exports.length);
        out.writeBytes(exports);
      } else {
        out.write(wasm, start, end - start);
      }
      at = end;
    }
    return out.toByteArray();
  }

  private byte[] exports() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = number();
    number(out, count);
    for (int i = 0; i < count; i++) {
      int length = number();
      at += length;
      byte[] name = ("e" + i).getBytes(StandardCharsets.US_ASCII);
      number(out, name.length);
      out.writeBytes(name);
      out.write(wasm[at++]);
      number(out, number());
    }
    return out.toByteArray();
  }

  private int number() {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = wasm[at++];
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  private static void number(ByteArrayOutputStream out, int value) {
    int left = value;
    while (left >>> 7 != 0) {
      out.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }
}
