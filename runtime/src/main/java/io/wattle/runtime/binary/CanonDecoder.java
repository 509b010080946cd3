package io.wattle.runtime.binary;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.CanonOptions.Encoding;
import io.wattle.runtime.engine.CoreValueType;
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
      default -> builtin(in, start, code);
    };
  }

  private static Definition builtin(BinaryReader in, int start, int code)
      throws InvalidComponentException {
    AsyncOp op = AsyncOp.of(code);
    if (op == null) {
      throw in.badByte(start, code, "canonical function", "one of Binary.md");
    }
    boolean flag = false;
    int type = -1;
    int index = -1;
    @Nullable CanonOptions options = null;
    @Nullable TypeRef result = null;
    @Nullable CoreValueType value = null;
    switch (op.immediates) {
      case NONE -> {}
      case FLAG -> flag = flag(in);
      case TYPE -> type = in.u32("type index");
      case TYPE_FLAG -> {
        type = in.u32("type index");
        flag = flag(in);
      }
      case TYPE_OPTIONS -> {
        type = in.u32("type index");
        options = options(in);
      }
      case TYPE_INDEX -> {
        type = in.u32("core type index");
        index = in.u32("core table index");
      }
      case FLAG_INDEX -> {
        flag = flag(in);
        index = in.u32("index");
      }
      case FLAG_TYPE_INDEX -> {
        flag = flag(in);
        type = in.u32("core type index");
        index = in.u32("core table index");
      }
      case OPTIONS -> options = options(in);
      case RESULT_OPTIONS -> {
        result = TypeDecoder.result(in);
        options = options(in);
      }
      case VALUE_SLOT -> {
        value = CoreTypeDecoder.value(in);
        index = in.u32("slot");
      }
    }
    return new Definition.AsyncBuiltin(
        start, op, flag, type, index, options == null ? CanonOptions.NONE : options, result, value);
  }

  private static boolean flag(BinaryReader in) throws InvalidComponentException {
    int value = in.u8("flag");
    if (value > 1) {
      throw in.malformed(in.offset() - 1, "invalid boolean value (expected: 0, 1)");
    }
    return value == 1;
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
