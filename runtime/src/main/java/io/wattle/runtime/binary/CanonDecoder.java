package io.wattle.runtime.binary;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.CanonOptions.Encoding;
import org.jspecify.annotations.Nullable;

/** Decodes canonical definitions (Binary.md, {@code canon}). */
final class CanonDecoder {
  private CanonDecoder() {}

  static Definition canon(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int code = in.u8("canonical definition");
    return switch (code) {
      case 0x00 -> {
        in.expect(0, "canonical function lift");
        int func = in.u32("core function index");
        CanonOptions options = options(in);
        yield new Definition.Lift(start, func, options, in.u32("type index"));
      }
      case 0x01 -> {
        in.expect(0, "canonical function lower");
        int func = in.u32("function index");
        yield new Definition.Lower(start, func, options(in));
      }
      case 0x02 -> new Definition.ResourceNew(start, in.u32("type index"));
      case 0x03 -> new Definition.ResourceDrop(start, in.u32("type index"));
      case 0x04 -> new Definition.ResourceRep(start, in.u32("type index"));
      default -> new Definition.AsyncBuiltin(start, builtin(in, start, code));
    };
  }

  /** The built-ins of the concurrency features: their immediates are read, their name is kept. */
  private static String builtin(BinaryReader in, int start, int code)
      throws InvalidComponentException {
    switch (code) {
      case 0x09 -> {
        TypeDecoder.result(in);
        options(in);
      }
      case 0x0a, 0x0b -> {
        CoreTypeDecoder.value(in);
        in.u32("slot");
      }
      case 0x06, 0x0c, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x42 -> flag(in);
      case 0x0e, 0x13, 0x14, 0x15, 0x1a, 0x1b -> in.u32("type index");
      case 0x0f, 0x10, 0x16, 0x17 -> {
        in.u32("type index");
        options(in);
      }
      case 0x11, 0x12, 0x18, 0x19 -> {
        in.u32("type index");
        flag(in);
      }
      case 0x1c, 0x1d -> options(in);
      case 0x20, 0x21, 0x40 -> {
        flag(in);
        in.u32("index");
      }
      case 0x41 -> {
        flag(in);
        in.u32("core type index");
        in.u32("core table index");
      }
      case 0x27 -> {
        in.u32("core type index");
        in.u32("core table index");
      }
      case 0x05, 0x0d, 0x1e, 0x1f, 0x22, 0x23, 0x24, 0x25, 0x26, 0x28 -> {}
      default -> throw in.badByte(start, code, "canonical function", "one of Binary.md");
    }
    return name(code);
  }

  private static void flag(BinaryReader in) throws InvalidComponentException {
    if (in.u8("flag") > 1) {
      throw in.malformed(in.offset() - 1, "invalid boolean value (expected: 0, 1)");
    }
  }

  private static String name(int code) {
    return switch (code) {
      case 0x05, 0x09 -> "task";
      case 0x06, 0x0d -> "subtask";
      case 0x0a, 0x0b -> "context";
      case 0x1c, 0x1d, 0x1e -> "error-context";
      case 0x1f, 0x20, 0x21, 0x22, 0x23 -> "waitable";
      case 0x24, 0x25 -> "backpressure";
      default ->
          code < 0x15 && code >= 0x0e
              ? "stream"
              : code <= 0x1b && code >= 0x15 ? "future" : "thread";
    };
  }

  static CanonOptions options(BinaryReader in) throws InvalidComponentException {
    int count = in.count("canonical options");
    @Nullable Encoding encoding = null;
    @Nullable Integer memory = null;
    @Nullable Integer realloc = null;
    @Nullable Integer postReturn = null;
    @Nullable Integer callback = null;
    boolean async = false;
    for (int i = 0; i < count; i++) {
      int start = in.offset();
      int code = in.u8("canonical option");
      @Nullable String twice;
      switch (code) {
        case 0, 1, 2 -> {
          Encoding given =
              code == 0 ? Encoding.UTF8 : code == 1 ? Encoding.UTF16 : Encoding.LATIN1_UTF16;
          if (encoding != null && encoding != given) {
            throw in.invalid(
                start,
                "canonical encoding option `"
                    + encoding
                    + "` conflicts with option `"
                    + given
                    + "`");
          }
          twice = encoding == null ? null : given.toString();
          encoding = given;
        }
        case 3 -> {
          twice = memory == null ? null : "memory";
          memory = in.u32("core memory index");
        }
        case 4 -> {
          twice = realloc == null ? null : "realloc";
          realloc = in.u32("core function index");
        }
        case 5 -> {
          twice = postReturn == null ? null : "post-return";
          postReturn = in.u32("core function index");
        }
        case 6 -> {
          twice = async ? "async" : null;
          async = true;
        }
        case 7 -> {
          twice = callback == null ? null : "callback";
          callback = in.u32("core function index");
        }
        default -> throw in.badByte(start, code, "canonical option", "0 to 7");
      }
      if (twice != null) {
        throw in.invalid(start, "canonical option `" + twice + "` is specified more than once");
      }
    }
    return new CanonOptions(
        encoding == null ? Encoding.UTF8 : encoding, memory, realloc, postReturn, async, callback);
  }
}
