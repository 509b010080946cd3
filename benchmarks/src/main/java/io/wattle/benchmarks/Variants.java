package io.wattle.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Components that do the same and are all different: each core module has a number of its own. */
final class Variants {
  private static final int HEADER = 8;
  private static final int CUSTOM = 0;
  private static final int CORE_MODULE = 1;
  private static final int COMPONENT = 4;

  private final byte[] from;
  private final byte[] mark;
  private int at;

  private Variants(byte[] from, byte[] mark) {
    this.from = from;
    this.mark = mark;
  }

  /** The component with this number in a custom section of each of its core modules. */
  static byte[] of(byte[] component, int number) {
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    byte[] name = "variant".getBytes(StandardCharsets.US_ASCII);
    byte[] text = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    section.write(CUSTOM);
    section.write(1 + name.length + text.length);
    section.write(name.length);
    section.writeBytes(name);
    section.writeBytes(text);
    return new Variants(component, section.toByteArray()).component(0, component.length);
  }

  private byte[] component(int start, int end) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - start + 100);
    out.write(from, start, HEADER);
    at = start + HEADER;
    while (at < end) {
      int begin = at;
      int id = from[at++];
      int size = number();
      int content = at;
      switch (id) {
        case CORE_MODULE -> {
          out.write(id);
          number(out, size + mark.length);
          out.write(from, content, size);
          out.writeBytes(mark);
        }
        case COMPONENT -> {
          byte[] inner = component(content, content + size);
          out.write(id);
          number(out, inner.length);
          out.writeBytes(inner);
        }
        default -> out.write(from, begin, content + size - begin);
      }
      at = content + size;
    }
    return out.toByteArray();
  }

  /** An unsigned LEB128. */
  private int number() {
    int result = 0;
    int shift = 0;
    byte b;
    do {
      b = from[at++];
      result |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return result;
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
