package io.wattle.runtime.engine.endive;

import static io.wattle.runtime.engine.endive.RandomModule.bytes;

import io.wattle.runtime.binary.Leb128;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/**
 * A module with so many functions of two types in its table that Endive's switch over those of one
 * type is larger than what HotSpot compiles, and spread over two classes, of which one has no
 * function of the first type. "plain" calls the one of that index with nothing, "mixed" with a
 * number each of the given types and {@link #GIVEN}.
 */
final class ManyFunctions {
  /** Of each type. */
  static final int COUNT = 2060;

  static final int GIVEN = 100_000;

  private ManyFunctions() {}

  /** A type of numbers, and a constant of it. */
  enum NumberType {
    I32(0x7f, "4105"),
    I64(0x7e, "4205"),
    F64(0x7c, "440000000000000000");

    final int type;
    private final String constant;

    NumberType(int type, String constant) {
      this.type = type;
      this.constant = constant;
    }

    byte[] constant() {
      return HexFormat.of().parseHex(constant);
    }
  }

  static byte[] module(NumberType first, NumberType second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    Leb128.section(
        out,
        1,
        bytes(
            3,
            0x60,
            0,
            1,
            0x7f,
            0x60,
            3,
            first.type,
            second.type,
            0x7f,
            1,
            0x7f,
            0x60,
            1,
            0x7f,
            1,
            0x7f));
    Leb128.section(out, 3, types());
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    table.writeBytes(bytes(1, 0x70, 0));
    Leb128.write(table, 2 * COUNT);
    Leb128.section(out, 4, table.toByteArray());
    ByteArrayOutputStream exports = new ByteArrayOutputStream();
    exports.write(2);
    exports.writeBytes(new byte[] {5, 'p', 'l', 'a', 'i', 'n', 0});
    Leb128.write(exports, 2 * COUNT);
    exports.writeBytes(new byte[] {5, 'm', 'i', 'x', 'e', 'd', 0});
    Leb128.write(exports, 2 * COUNT + 1);
    Leb128.section(out, 7, exports.toByteArray());
    Leb128.section(out, 9, elements());
    Leb128.section(out, 10, code(first, second));
    return out.toByteArray();
  }

  private static byte[] types() {
    ByteArrayOutputStream types = new ByteArrayOutputStream();
    Leb128.write(types, 2 * COUNT + 2);
    for (int i = 0; i < 2 * COUNT; i++) {
      types.write(i / COUNT);
    }
    types.writeBytes(bytes(2, 2));
    return types.toByteArray();
  }

  private static byte[] elements() {
    ByteArrayOutputStream elements = new ByteArrayOutputStream();
    elements.writeBytes(bytes(1, 0, 0x41, 0, 0x0b));
    Leb128.write(elements, 2 * COUNT);
    for (int i = 0; i < 2 * COUNT; i++) {
      Leb128.write(elements, i);
    }
    return elements.toByteArray();
  }

  private static byte[] code(NumberType first, NumberType second) {
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    Leb128.write(code, 2 * COUNT + 2);
    for (int i = 0; i < 2 * COUNT; i++) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.write(0);
      body.write(0x41); // i32.const
      signed(body, i);
      if (i >= COUNT) {
        body.writeBytes(bytes(0x20, 2, 0x6a)); // local.get 2, i32.add
      }
      add(code, body);
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.writeBytes(bytes(0, 0x20, 0, 0x11, 0, 0));
    add(code, plain);
    ByteArrayOutputStream mixed = new ByteArrayOutputStream();
    mixed.write(0);
    mixed.writeBytes(first.constant());
    mixed.writeBytes(second.constant());
    mixed.write(0x41);
    signed(mixed, GIVEN);
    mixed.writeBytes(bytes(0x20, 0, 0x11, 1, 0));
    add(code, mixed);
    return code.toByteArray();
  }

  private static void add(ByteArrayOutputStream code, ByteArrayOutputStream body) {
    body.write(0x0b);
    Leb128.write(code, body.size());
    code.writeBytes(body.toByteArray());
  }

  /** A number that is not negative, as the constants of an i32 are written. */
  private static void signed(ByteArrayOutputStream out, int value) {
    int rest = value;
    for (; rest > 0x3f; rest >>= 7) {
      out.write((rest & 0x7f) | 0x80);
    }
    out.write(rest);
  }
}
