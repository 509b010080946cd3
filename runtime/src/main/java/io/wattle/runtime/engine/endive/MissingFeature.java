package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.InvalidModuleException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Says of a module that was refused which proposal it uses that this engine does not have: Endive's
 * parser takes most of them for broken bytes.
 */
final class MissingFeature {
  private static final int HEADER = 8;
  private static final int IMPORTS = 2;
  private static final int TABLES = 4;
  private static final int MEMORIES = 5;
  private static final int EXPLICIT_TABLE = 0x40;
  private static final int PAGE_SIZE = 8;
  private static final int FLAGS = 16;

  private static final String PAGES = "memories with pages of another size (custom-page-sizes)";

  private final Instructions in;

  private MissingFeature(byte[] wasm) {
    in = new Instructions(ByteBuffer.wrap(wasm).position(HEADER));
  }

  /** The same refusal, or a better one where a feature is missing. */
  static InvalidModuleException explain(byte[] wasm, InvalidModuleException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (message.contains("not supported")) {
      return refusal;
    }
    String missing = byMessage(message);
    if (missing == null) {
      try {
        missing = new MissingFeature(wasm).bySections();
      } catch (RuntimeException e) {
        return refusal; // it is broken, as was said
      }
    }
    return missing == null
        ? refusal
        : new InvalidModuleException("core module: " + missing + " are not supported", refusal);
  }

  private static @Nullable String byMessage(String message) {
    return message.contains("unknown type 0x4d") || message.contains("unknown type 0x4c")
        ? "descriptors of types (custom-descriptors proposal)"
        : null;
  }

  private @Nullable String bySections() {
    String missing = null;
    while (missing == null && in.hasMore()) {
      int section = in.u8();
      int end = in.size();
      missing =
          switch (section) {
            case IMPORTS -> imports();
            case TABLES -> tables();
            case MEMORIES -> memories();
            default -> null;
          };
      in.at(end);
    }
    return missing;
  }

  private @Nullable String imports() {
    String missing = null;
    for (int left = in.leb(); left > 0 && missing == null; left--) {
      in.skip(in.leb());
      in.skip(in.leb());
      switch (in.u8()) {
        case 0 -> in.leb();
        case 1 -> {
          in.value();
          missing = limits();
        }
        case 2 -> missing = limits();
        case 3 -> {
          in.value();
          in.u8();
        }
        case 4 -> {
          in.u8();
          in.leb();
        }
        default -> throw new IllegalArgumentException("import kind");
      }
    }
    return missing;
  }

  private @Nullable String tables() {
    String missing = null;
    for (int left = in.leb(); left > 0 && missing == null; left--) {
      int at = in.at();
      boolean explicit = in.u8() == EXPLICIT_TABLE;
      if (explicit) {
        in.u8();
      } else {
        in.at(at);
      }
      in.value();
      missing = limits();
      if (explicit && missing == null) {
        in.expression((opcode, place, operand) -> {});
      }
    }
    return missing;
  }

  private @Nullable String memories() {
    String missing = null;
    for (int left = in.leb(); left > 0 && missing == null; left--) {
      missing = limits();
    }
    return missing;
  }

  private @Nullable String limits() {
    int flags = in.u8();
    if (flags < FLAGS && (flags & PAGE_SIZE) != 0) {
      return PAGES;
    }
    in.skipLeb();
    if ((flags & 1) != 0) {
      in.skipLeb();
    }
    return null;
  }
}
