package io.wattle.cli.component;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a binary is made of, and what it was made with: the sizes of its parts, and its {@code
 * producers} sections (tool conventions, ProducersSection.md). For binaries that have been loaded;
 * a custom section may still hold anything, and is then left out.
 */
final class BinaryOutline {
  private static final int CUSTOM = 0;
  private static final int CORE_MODULE = 1;
  private static final int COMPONENT = 4;
  private static final int CODE = 10;
  private static final int DATA = 11;
  private static final int MOST_DEPTH = 100;
  private static final int HEADER = 8;

  private final byte[] wasm;
  private final Map<String, Integer> sizes = new LinkedHashMap<>();
  private final Map<String, Set<String>> producers = new LinkedHashMap<>();
  private int modules;
  private int components;

  private BinaryOutline(byte[] wasm) {
    this.wasm = wasm;
  }

  static BinaryOutline of(byte[] wasm) {
    BinaryOutline outline = new BinaryOutline(wasm);
    outline.walk(0, wasm.length, 0);
    return outline;
  }

  /** Bytes by kind of part: code, data, custom section by name. */
  Map<String, Integer> sizes() {
    return sizes;
  }

  /** Tools with their versions by field: language, processed-by, sdk. */
  Map<String, Set<String>> producers() {
    return producers;
  }

  int modules() {
    return modules;
  }

  /** Components, itself one of them. */
  int components() {
    return components;
  }

  private void walk(int start, int end, int depth) {
    boolean component = wasm[start + 4] != 1 || wasm[start + 6] != 0;
    if (component) {
      components++;
    } else {
      modules++;
    }
    Cursor at = new Cursor(wasm, start + HEADER, end);
    while (at.hasMore()) {
      int id = at.next();
      int size = at.number();
      int from = at.skip(size);
      if (id == CUSTOM) {
        custom(from, from + size);
      } else if (component && (id == CORE_MODULE || id == COMPONENT) && depth < MOST_DEPTH) {
        walk(from, from + size, depth + 1);
      } else if (!component && (id == CODE || id == DATA)) {
        sizes.merge(id == CODE ? "code" : "data", size, Integer::sum);
      }
    }
  }

  private void custom(int start, int end) {
    Cursor at = new Cursor(wasm, start, end);
    String name = at.text();
    sizes.merge("custom section " + name, end - start, Integer::sum);
    if (name.equals("producers")) {
      try {
        readProducers(at);
      } catch (IllegalArgumentException e) {
        // Nobody has checked it, and nothing depends on it.
      }
    }
  }

  private void readProducers(Cursor at) {
    int fields = at.number();
    for (int i = 0; i < fields; i++) {
      Set<String> tools = producers.computeIfAbsent(at.text(), field -> new LinkedHashSet<>());
      int count = at.number();
      for (int j = 0; j < count; j++) {
        tools.add((at.text() + " " + at.text()).strip());
      }
    }
  }

  /** Reads on, and never beyond the end. */
  private static final class Cursor {
    private final byte[] bytes;
    private final int end;
    private int at;

    Cursor(byte[] bytes, int start, int end) {
      this.bytes = bytes;
      this.at = start;
      this.end = end;
    }

    boolean hasMore() {
      return at < end;
    }

    int next() {
      if (at >= end) {
        throw new IllegalArgumentException("at byte " + at + ": the section ends in mid-value");
      }
      return Byte.toUnsignedInt(bytes[at++]);
    }

    /** An unsigned LEB128 number. */
    int number() {
      long value = 0;
      for (int shift = 0; shift < 35; shift += 7) {
        int part = next();
        value |= (long) (part & 0x7f) << shift;
        if (part < 0x80) {
          if (value > end - at && value > Integer.MAX_VALUE) {
            break;
          }
          return (int) value;
        }
      }
      throw new IllegalArgumentException("at byte " + at + ": a number that is too large");
    }

    /** Leaves out so many bytes and says where they begin. */
    int skip(int length) {
      int from = at;
      if (length < 0 || length > end - at) {
        throw new IllegalArgumentException(
            "at byte " + at + ": " + length + " bytes are not there");
      }
      at += length;
      return from;
    }

    String text() {
      int length = number();
      int from = skip(length);
      return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
  }
}
