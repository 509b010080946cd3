package io.wattle.runtime.abi;

import io.wattle.runtime.binary.CanonOptions.Encoding;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Strings: a pointer and a number of code units, in the encoding that the guest chose. */
final class StringCodec extends Codec {
  private static final int UTF16_TAG = 1 << 31;
  private final Encoding encoding;

  StringCodec(Encoding encoding) {
    super(8, 4, List.of(CoreValueType.I32, CoreValueType.I32), true);
    this.encoding = encoding;
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    read(from, from.memory().getInt(address), from.memory().getInt(address + 4), to);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    read(from, (int) values[at], (int) values[at + 1], to);
  }

  private void read(CallContext from, int address, int units, ValueSink to) {
    boolean wide =
        switch (encoding) {
          case UTF8 -> false;
          case UTF16 -> true;
          case LATIN1_UTF16 -> (units & UTF16_TAG) != 0;
        };
    boolean tagged = encoding == Encoding.LATIN1_UTF16 && wide;
    long count = Integer.toUnsignedLong(tagged ? units ^ UTF16_TAG : units);
    long bytes = wide ? 2 * count : count;
    if (bytes > CallContext.MAX_BYTES) {
      throw Traps.trap("string of " + bytes + " bytes (expected: < 2^28)");
    }
    from.check(address, bytes, encoding == Encoding.UTF8 ? 1 : 2, "string");
    from.spend(bytes + 16);
    byte[] data = new byte[(int) bytes];
    from.memory().read(address, data, 0, data.length);
    if (wide) {
      to.string(Utf16.decode(data));
    } else if (encoding == Encoding.UTF8) {
      Utf8.check(data);
      to.string(data, 0, data.length);
    } else {
      to.string(new String(data, StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    long[] pair = new long[2];
    lower(from, to, pair, 0);
    to.memory().putInt(address, (int) pair[0]);
    to.memory().putInt(address + 4, (int) pair[1]);
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    Encoded text = encode(from);
    byte[] data = text.data;
    int address = to.allocate(encoding == Encoding.UTF8 ? 1 : 2, data.length);
    to.memory().write(address, data, 0, data.length);
    values[at] = Integer.toUnsignedLong(address);
    values[at + 1] = text.units;
  }

  private record Encoded(byte[] data, long units) {}

  private Encoded encode(ValueSource from) {
    return switch (encoding) {
      case UTF8 -> {
        byte[] data = from.utf8();
        yield new Encoded(data, data.length);
      }
      case UTF16 -> utf16(from.string(), 0);
      case LATIN1_UTF16 -> {
        String text = from.string();
        yield latin1(text)
            ? new Encoded(text.getBytes(StandardCharsets.ISO_8859_1), text.length())
            : utf16(text, UTF16_TAG & 0xffffffffL);
      }
    };
  }

  private static Encoded utf16(String text, long tag) {
    byte[] data = text.getBytes(StandardCharsets.UTF_16LE);
    return new Encoded(data, data.length / 2 | tag);
  }

  private static boolean latin1(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }
}
