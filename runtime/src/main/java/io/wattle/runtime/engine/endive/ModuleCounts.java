package io.wattle.runtime.engine.endive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.wattle.runtime.engine.InvalidModuleException;

/**
 * Looks at the counts of a module, and at the lengths of its names, before Endive's parser does,
 * which makes room for as many parts or bytes as they say: a few bytes can say two billion. Only
 * the sections where it does so are walked; what is wrong otherwise is left to the parser.
 */
final class ModuleCounts {
  private static final int HEADER = 8;
  private static final int CUSTOM = 0;
  private static final int TYPES = 1;
  private static final int IMPORTS = 2;
  private static final int EXPORTS = 7;
  private static final int ELEMENTS = 9;
  private static final int DATA = 11;
  private static final int LONGEST_LOOKED_AT = 8;

  private final byte[] wasm;
  private int at;
  private int end;

  private ModuleCounts(byte[] wasm) {
    this.wasm = wasm;
    this.end = wasm.length;
    this.at = Math.min(HEADER, end);
  }

  /**
   * Checks that no count or length is larger than the bytes that follow it.
   *
   * @return whether that is so in the name sections too: one that is wrong is as good as none
   * @throws InvalidModuleException when one is, elsewhere
   */
  static boolean check(byte[] wasm) throws InvalidModuleException {
    ModuleCounts counts = new ModuleCounts(wasm);
    boolean named = true;
    while (counts.at < wasm.length) {
      counts.end = wasm.length;
      int section = counts.u8();
      int size = counts.count("section size");
      int next = counts.at + size;
      counts.end = next;
      switch (section) {
        case CUSTOM -> named &= !counts.text().equals("name") || counts.namesFit();
        case TYPES -> counts.types();
        case IMPORTS -> counts.imports();
        case EXPORTS -> counts.exports();
        case ELEMENTS -> counts.elements();
        case DATA -> counts.data();
        default -> {}
      }
      counts.at = next;
    }
    return named;
  }

  private InvalidModuleException malformed(String rule) {
    return new InvalidModuleException(
        "core module: at byte " + at + ": " + rule, new IllegalArgumentException(rule), true);
  }

  private int u8() throws InvalidModuleException {
    if (at >= end) {
      throw malformed("unexpected end of section or function");
    }
    return wasm[at++] & 0xff;
  }

  /** An LEB128 of any length and sign that need not be known. */
  private void skipLeb() throws InvalidModuleException {
    int b = u8();
    while ((b & 0x80) != 0) {
      b = u8();
    }
  }

  private void skip(int bytes) throws InvalidModuleException {
    if (bytes > end - at) {
      throw malformed("unexpected end of section or function");
    }
    at += bytes;
  }

  private long u32() throws InvalidModuleException {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = u8();
      value |= (b & 0x7fL) << shift;
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    throw malformed("integer representation too long");
  }

  private int count(String what) throws InvalidModuleException {
    long count = u32();
    if (count > end - at) {
      throw malformed(
          "unexpected end: "
              + what
              + ": "
              + count
              + " (expected: at most the "
              + (end - at)
              + " bytes left)");
    }
    return (int) count;
  }

  private String text() throws InvalidModuleException {
    int length = count("length of a name");
    String text = new String(wasm, at, Math.min(length, LONGEST_LOOKED_AT), ISO_8859_1);
    at += length;
    return text;
  }

  private void name() throws InvalidModuleException {
    skip(count("length of a name"));
  }

  /** Core specification, 5.5.5. */
  private void imports() throws InvalidModuleException {
    long count = u32();
    for (long i = 0; i < count; i++) {
      name();
      name();
      switch (u8()) {
        case 0 -> skipLeb();
        case 1 -> {
          value();
          limits();
        }
        case 2 -> limits();
        case 3 -> {
          value();
          skip(1);
        }
        case 4 -> {
          skip(1);
          skipLeb();
        }
        default -> {
          return;
        }
      }
    }
  }

  private void limits() throws InvalidModuleException {
    long flags = u32();
    skipLeb();
    if ((flags & 1) != 0) {
      skipLeb();
    }
  }

  /** Core specification, 5.5.10. */
  private void exports() throws InvalidModuleException {
    long count = u32();
    for (long i = 0; i < count; i++) {
      name();
      skip(1);
      skipLeb();
    }
  }

  /** Core specification, 7.4.1: subsections of names, by one number or by two. */
  private boolean namesFit() {
    int whole = end;
    try {
      while (at < whole) {
        end = whole;
        int subsection = u8();
        int size = count("size of a subsection");
        int next = at + size;
        end = next;
        switch (subsection) {
          case 0 -> name();
          case 2, 3, 10 -> {
            long count = u32();
            for (long i = 0; i < count; i++) {
              skipLeb();
              names();
            }
          }
          case 1, 4, 5, 6, 7, 8, 9, 11 -> names();
          default -> {}
        }
        at = next;
      }
      return true;
    } catch (InvalidModuleException e) {
      return false;
    }
  }

  private void names() throws InvalidModuleException {
    long count = u32();
    for (long i = 0; i < count; i++) {
      skipLeb();
      name();
    }
  }

  private void types() throws InvalidModuleException {
    int count = count("number of types");
    for (int i = 0; i < count; i++) {
      int form = u8();
      if (form == 0x4e) {
        int members = count("number of types of a group");
        for (int m = 0; m < members; m++) {
          subtype(u8());
        }
      } else {
        subtype(form);
      }
    }
  }

  private void subtype(int form) throws InvalidModuleException {
    int composite = form;
    if (form == 0x50 || form == 0x4f) {
      int supertypes = count("number of supertypes");
      for (int i = 0; i < supertypes; i++) {
        skipLeb();
      }
      composite = u8();
    }
    switch (composite) {
      case 0x60 -> {
        values("parameters");
        values("results");
      }
      case 0x5f -> {
        int fields = count("number of fields");
        for (int i = 0; i < fields; i++) {
          value();
          skip(1);
        }
      }
      case 0x5e -> {
        value();
        skip(1);
      }
      default -> throw malformed("unknown type 0x" + Integer.toHexString(composite));
    }
  }

  private void values(String what) throws InvalidModuleException {
    int count = count("number of " + what);
    for (int i = 0; i < count; i++) {
      value();
    }
  }

  private void value() throws InvalidModuleException {
    int type = u8();
    if (type == 0x63 || type == 0x64) {
      skipLeb();
    }
  }

  /** Core specification, 5.5.12: the flags say what is there. */
  private void elements() throws InvalidModuleException {
    int count = count("number of element segments");
    for (int i = 0; i < count; i++) {
      long flags = u32();
      boolean active = (flags & 1) == 0;
      boolean explicit = (flags & 2) != 0;
      boolean expressions = (flags & 4) != 0;
      if (active) {
        if (explicit) {
          skipLeb();
        }
        expression();
      }
      if (!active || explicit) {
        value();
      }
      int parts = count("number of elements");
      for (int p = 0; p < parts; p++) {
        if (expressions) {
          expression();
        } else {
          skipLeb();
        }
      }
    }
  }

  /** Core specification, 5.5.14. */
  private void data() throws InvalidModuleException {
    int count = count("number of data segments");
    for (int i = 0; i < count; i++) {
      long flags = u32();
      if (flags == 2) {
        skipLeb();
      }
      if (flags != 1) {
        expression();
      }
      skip(count("bytes of a data segment"));
    }
  }

  /** A constant expression, up to its end. */
  private void expression() throws InvalidModuleException {
    for (int opcode = u8(); opcode != 0x0b; opcode = u8()) {
      switch (opcode) {
        case 0x23, 0x41, 0x42, 0xd0, 0xd2 -> skipLeb();
        case 0x43 -> skip(4);
        case 0x44 -> skip(8);
        case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> {}
        case 0xfd -> {
          skipLeb();
          skip(16);
        }
        case 0xfb -> {
          long operation = u32();
          if (operation <= 0x08) {
            skipLeb();
          }
          if (operation == 0x08) {
            skipLeb();
          }
        }
        default ->
            throw malformed(
                "opcode 0x" + Integer.toHexString(opcode) + " in a constant expression");
      }
    }
  }
}
