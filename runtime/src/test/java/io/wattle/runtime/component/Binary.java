package io.wattle.runtime.component;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/** Writes components byte by byte, also ones that no tool would write (Binary.md). */
final class Binary {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A component without sections. */
  static Binary component() {
    return new Binary().bytes(0, 'a', 's', 'm', 0x0d, 0, 1, 0);
  }

  /** A core module without sections. */
  static Binary module() {
    return new Binary().bytes(0, 'a', 's', 'm', 1, 0, 0, 0);
  }

  static Binary empty() {
    return new Binary();
  }

  Binary bytes(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  Binary u32(long value) {
    long rest = value;
    while (rest >= 0x80) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  Binary name(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    u32(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  Binary add(Binary part) {
    out.writeBytes(part.toBytes());
    return this;
  }

  /** The same again and again; {@code part} writes the i-th. */
  Binary times(int count, IntConsumer part) {
    for (int i = 0; i < count; i++) {
      part.accept(i);
    }
    return this;
  }

  /** A section with what is in it. */
  Binary section(int id, Binary content) {
    byte[] bytes = content.toBytes();
    bytes(id).u32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
