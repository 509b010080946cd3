package io.wattle.benchmarks;

import io.wattle.runtime.binary.Leb128;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Components that do the same and are all different: each core module has a number of its own. */
final class Variants {
  private static final int HEADER = 8;
  private static final int CUSTOM = 0;
  private static final int CORE_MODULE = 1;
  private static final int COMPONENT = 4;

  private final byte[] from;
  private final byte[] mark;
  private final ByteBuffer in;

  private Variants(byte[] from, byte[] mark) {
    this.from = from;
    this.mark = mark;
    this.in = ByteBuffer.wrap(from);
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
    in.position(start + HEADER);
    while (in.position() < end) {
      int begin = in.position();
      int id = in.get();
      int size = Leb128.read(in);
      int content = in.position();
      switch (id) {
        case CORE_MODULE -> {
          out.write(id);
          Leb128.write(out, size + mark.length);
          out.write(from, content, size);
          out.writeBytes(mark);
        }
        case COMPONENT -> Leb128.section(out, id, component(content, content + size));
        default -> out.write(from, begin, content + size - begin);
      }
      in.position(content + size);
    }
    return out.toByteArray();
  }
}
