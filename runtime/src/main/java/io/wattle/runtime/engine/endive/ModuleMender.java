package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes valid modules that Endive 1.0 refuses in a way that it takes. It reads a block's type
 * index from 64 to 127 as a value type: such types get a second, larger index, which is as many
 * bytes long. And it lets a function refer to itself only where an element segment names it: where
 * an export or a global does, such a segment is added, which nothing uses.
 */
final class ModuleMender {
  private static final int HEADER = 8;
  private static final int TYPES = 1;
  private static final int GLOBALS = 6;
  private static final int EXPORTS = 7;
  private static final int ELEMENTS = 9;
  private static final int CODE = 10;
  private static final int DATA = 11;
  private static final int DATA_COUNT = 12;
  private static final int FIRST_MISREAD = 64;
  private static final int FIRST_READ = 128;

  /** Larger ones take three bytes (signed LEB128). */
  private static final int LAST_OF_TWO_BYTES = (1 << 13) - 1;

  private static final int FUNCTION = 0x60;

  private static final byte[] EMPTY_TYPE = {FUNCTION, 0, 0};

  private final byte[] wasm;
  private final Instructions in;

  /**
   * Where each type is, from its first byte to the one behind it: without what makes it a subtype,
   * which means nothing to blocks.
   */
  private final List<int[]> types = new ArrayList<>();

  /** Recursion groups that they are in. */
  private int groups;

  /** Where a block's type is misread, by the place of its index. */
  private final Map<Integer, Integer> misread = new TreeMap<>();

  private final Set<Integer> declared = new TreeSet<>();
  private final Set<Integer> referred = new TreeSet<>();

  private ModuleMender(byte[] wasm) {
    this.wasm = wasm;
    this.in = new Instructions(ByteBuffer.wrap(wasm).position(HEADER));
  }

  /** The same module as Endive takes it; null when there is nothing to mend, or it is malformed. */
  static byte @Nullable [] mend(byte[] wasm) {
    try {
      return new ModuleMender(wasm).mend();
    } catch (RuntimeException e) {
      return null; // whatever is wrong with it has been said
    }
  }

  private byte @Nullable [] mend() {
    for (int id = next(); id >= 0; id = next()) {
      int end = in.size();
      switch (id) {
        case TYPES -> types();
        case GLOBALS -> globals();
        case EXPORTS -> exports();
        case CODE -> code();
        default -> {}
      }
      in.at(end);
    }
    declared.retainAll(referred);
    if (misread.isEmpty() && declared.isEmpty()) {
      return null;
    }
    Map<Integer, Integer> second = secondIndices();
    byte[] patched = wasm.clone();
    misread.forEach((at, type) -> patch(patched, at, second.getOrDefault(type, type)));
    return written(patched, second);
  }

  /** The id of the next section, -1 when there is none. */
  private int next() {
    return in.hasMore() ? in.u8() : -1;
  }

  private void types() {
    groups = in.types(start -> types.add(new int[] {start, in.at()}));
  }

  private void globals() {
    int count = in.leb();
    for (int i = 0; i < count; i++) {
      in.value();
      in.u8();
      in.expression((opcode, at, operand) -> declare(opcode, operand));
    }
  }

  private void declare(int opcode, int function) {
    if (opcode == Instructions.REF_FUNC) {
      declared.add(function);
    }
  }

  private void exports() {
    int count = in.leb();
    for (int i = 0; i < count; i++) {
      in.skip(in.leb());
      boolean function = in.u8() == 0;
      int index = in.leb();
      if (function) {
        declared.add(index);
      }
    }
  }

  private void code() {
    int count = in.leb();
    for (int i = 0; i < count; i++) {
      int end = in.size();
      int locals = in.leb();
      for (int l = 0; l < locals; l++) {
        in.leb();
        in.value();
      }
      while (in.at() < end) {
        in.instruction(this::note);
      }
    }
  }

  private void note(int opcode, int at, int operand) {
    if (opcode == Instructions.REF_FUNC) {
      referred.add(operand);
    } else if (operand >= FIRST_MISREAD && operand < FIRST_READ && operand < types.size()) {
      misread.put(at, operand);
    }
  }

  private Map<Integer, Integer> secondIndices() {
    Map<Integer, Integer> second = new TreeMap<>();
    int next = Math.max(types.size(), FIRST_READ);
    for (int type : new TreeSet<>(misread.values())) {
      second.put(type, next++);
    }
    if (next > LAST_OF_TWO_BYTES) {
      throw new IllegalArgumentException("too many types");
    }
    return second;
  }

  /** Writes an index over another one, in as many bytes. */
  private static void patch(byte[] wasm, int at, int index) {
    int left = index;
    int place = at;
    while (wasm[place] < 0) {
      wasm[place++] = (byte) ((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    wasm[place] = (byte) left;
  }

  private byte[] written(byte[] patched, Map<Integer, Integer> second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(wasm.length + 256);
    out.write(wasm, 0, HEADER);
    in.at(HEADER);
    boolean elements = declared.isEmpty();
    while (in.hasMore()) {
      int start = in.at();
      int id = in.u8();
      int end = in.size();
      int content = in.at();
      if (!elements && (id == DATA_COUNT || id == CODE || id == DATA)) {
        Leb128.section(out, ELEMENTS, withSegment(0, new byte[0]));
        elements = true;
      }
      if (id == TYPES && !second.isEmpty()) {
        Leb128.section(out, TYPES, moreTypes(Arrays.copyOfRange(wasm, content, end), second));
      } else if (id == ELEMENTS && !elements) {
        int segments = in.leb();
        byte[] rest = Arrays.copyOfRange(wasm, in.at(), end);
        Leb128.section(out, ELEMENTS, withSegment(segments, rest));
        elements = true;
      } else {
        out.write(patched, start, end - start);
      }
      in.at(end);
    }
    return out.toByteArray();
  }

  private byte[] moreTypes(byte[] before, Map<Integer, Integer> second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(before.length + 256);
    int padding = Math.max(0, FIRST_READ - types.size());
    Leb128.write(out, groups + padding + second.size());
    ByteBuffer rest = ByteBuffer.wrap(before);
    var _ = Leb128.read(rest);
    out.write(before, rest.position(), rest.remaining());
    for (int i = 0; i < padding; i++) {
      out.writeBytes(EMPTY_TYPE);
    }
    for (int type : second.keySet()) { // in the order of their second indices
      int[] place = types.get(type);
      out.write(wasm, place[0], place[1] - place[0]);
    }
    return out.toByteArray();
  }

  /** Element segments and one more, which declares functions (core specification, 5.5.12). */
  private byte[] withSegment(int before, byte[] segments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(segments.length + 64);
    Leb128.write(out, before + 1);
    out.writeBytes(segments);
    out.write(3);
    out.write(0);
    Leb128.write(out, declared.size());
    declared.forEach(function -> Leb128.write(out, function));
    return out.toByteArray();
  }
}
