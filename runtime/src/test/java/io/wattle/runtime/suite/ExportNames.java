package io.wattle.runtime.suite;

import io.wattle.runtime.binary.Leb128;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Gives exports names that fit on a command line. */
final class ExportNames {
  private static final int HEADER = 8;
  private static final int EXPORT = 7;
  private final byte[] wasm;
  private final ByteBuffer in;

  private ExportNames(byte[] wasm) {
    this.wasm = wasm;
    this.in = ByteBuffer.wrap(wasm).position(HEADER);
  }

  /** A valid module, its exports renamed to {@code e0}, {@code e1} ... */
  static byte[] numbered(byte[] wasm) {
    return new ExportNames(wasm).numbered();
  }

  private byte[] numbered() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(wasm, 0, HEADER);
    while (in.hasRemaining()) {
      int start = in.position();
      int id = in.get();
      int size = Leb128.read(in);
      int end = in.position() + size;
      if (id == EXPORT) {
        Leb128.section(out, id, exports());
      } else {
        out.write(wasm, start, end - start);
      }
      in.position(end);
    }
    return out.toByteArray();
  }

  private byte[] exports() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = Leb128.read(in);
    Leb128.write(out, count);
    for (int i = 0; i < count; i++) {
      int length = Leb128.read(in);
      in.position(in.position() + length);
      byte[] name = ("e" + i).getBytes(StandardCharsets.US_ASCII);
      Leb128.write(out, name.length);
      out.writeBytes(name);
      out.write(in.get());
      Leb128.write(out, Leb128.read(in));
    }
    return out.toByteArray();
  }
}
