package io.wattle.runtime.engine.endive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import run.endive.wasm.InvalidException;
import run.endive.wasm.WasmModule;

/** Endive's parser, minus what it makes of custom sections that are broken. */
final class ModuleParser {
  private static final int HEADER = 8;

  private final byte[] wasm;
  private final RuntimeException why;
  private int at = HEADER;

  private ModuleParser(byte[] wasm, RuntimeException why) {
    this.wasm = wasm;
    this.why = why;
  }

  /**
   * Parses a module. A custom section whose content makes no sense, like a name section cut short,
   * is as good as none (core specification, 5.5.3).
   */
  static WasmModule parse(byte[] wasm) {
    try {
      return RelaxedParser.parse(wasm, true);
    } catch (InvalidException e) {
      throw e;
    } catch (RuntimeException e) {
      byte[] rest = new ModuleParser(wasm, e).withoutCustomSections();
      try {
        return RelaxedParser.parse(rest, true);
      } catch (RuntimeException again) {
        if (again != e) { // HotSpot throws the same one where it happens often
          e.addSuppressed(again);
        }
        throw e;
      }
    }
  }

  /** Parses a module without its custom sections: the lengths in them are of nothing. */
  static WasmModule parsePlain(byte[] wasm) {
    RuntimeException why = new InvalidException("a custom section without a name");
    return RelaxedParser.parse(new ModuleParser(wasm, why).withoutCustomSections(), true);
  }

  private byte[] withoutCustomSections() {
    ByteArrayOutputStream rest = new ByteArrayOutputStream(wasm.length);
    rest.write(wasm, 0, Math.min(HEADER, wasm.length));
    while (at < wasm.length) {
      int start = at;
      boolean custom = wasm[at++] == 0;
      int end = length(wasm.length) + at;
      if (custom) {
        checkName(end);
      } else {
        rest.write(wasm, start, end - start);
      }
      at = end;
    }
    if (rest.size() == wasm.length) {
      throw why;
    }
    return rest.toByteArray();
  }

  /** The name belongs to the format, what follows it does not. */
  private void checkName(int end) {
    int length = length(end);
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(wasm, at, length));
    } catch (CharacterCodingException e) {
      throw why;
    }
  }

  /** A length that fits before {@code end}. */
  private int length(int end) {
    long size = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (at >= end) {
        throw why;
      }
      int b = wasm[at++];
      size |= (b & 0x7fL) << shift;
      if (b >= 0) {
        if (size > end - at) {
          throw why;
        }
        return (int) size;
      }
    }
    throw why;
  }
}
