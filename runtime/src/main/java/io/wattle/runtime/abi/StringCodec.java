package io.wattle.runtime.abi;

import io.wattle.runtime.binary.CanonOptions.Encoding;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.wit.value.StringForm;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strings: a pointer and a number of code units, in the encoding that the guest chose. */
final class StringCodec extends Codec {
  private final Encoding encoding;
  private final PointerType pointer;

  StringCodec(Encoding encoding, PointerType pointer) {
    super(2L * pointer.size, pointer.size, pointer.pair(), true);
    this.pointer = pointer;
    this.encoding = encoding;
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    CoreMemory memory = from.memory();
    read(from, pointer.load(memory, address), pointer.load(memory, address + pointer.size), to);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    read(from, pointer.of(values[at]), pointer.of(values[at + 1]), to);
  }

  /** Both unsigned. */
  private void read(CallContext from, long begin, long units, ValueSink to) {
    boolean wide =
        switch (encoding) {
          case UTF8 -> false;
          case UTF16 -> true;
          case LATIN1_UTF16 -> (units & pointer.utf16Tag()) != 0;
        };
    boolean tagged = encoding == Encoding.LATIN1_UTF16 && wide;
    long count = tagged ? units ^ pointer.utf16Tag() : units;
    if (count < 0 || count > CallContext.MAX_COUNT) {
      throw Traps.trap(
          "string of " + Long.toUnsignedString(count) + " code units (expected: < 2^28 bytes)");
    }
    long bytes = wide ? 2 * count : count;
    if (bytes > CallContext.MAX_BYTES) {
      throw Traps.trap("string of " + bytes + " bytes (expected: < 2^28)");
    }
    int address = from.check(begin, bytes, encoding == Encoding.UTF8 ? 1 : 2, "string");
    from.spend(bytes + 16);
    byte[] data = new byte[(int) bytes];
    from.memory().read(address, data, 0, data.length);
    if (wide) {
      to.string(Utf16.decode(data), tagged ? StringForm.PROBABLY_UTF16 : StringForm.UTF16);
    } else if (encoding == Encoding.UTF8) {
      Utf8.check(data);
      to.string(data, 0, data.length);
    } else {
      to.string(new String(data, StandardCharsets.ISO_8859_1), StringForm.LATIN1);
    }
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    long[] pair = new long[2];
    lower(from, to, pair, 0);
    pointer.store(to.memory(), address, pair);
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    StringForm form = from.nextForm();
    Encoded text =
        switch (encoding) {
          case UTF8 -> utf8(from, form);
          case UTF16 -> utf16(from, form);
          case LATIN1_UTF16 -> latin1OrUtf16(from, form);
        };
    int address = text.room.ask(to);
    to.memory().write(address, text.data, 0, text.data.length);
    values[at] = Integer.toUnsignedLong(address);
    values[at + 1] = text.units;
  }

  private record Encoded(byte[] data, long units, StringRoom room) {}

  private static Encoded utf8(ValueSource from, @Nullable StringForm form) {
    if (form == null || form == StringForm.UTF8) {
      byte[] data = from.utf8();
      return new Encoded(data, data.length, StringRoom.of(1, data.length));
    }
    String text = from.string();
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    int units = text.length();
    StringRoom room =
        data.length == units
            ? StringRoom.of(1, units)
            : StringRoom.of(1, units)
                .worst(form == StringForm.LATIN1 ? 2L * units : 3L * units)
                .shrunk(data.length);
    return new Encoded(data, data.length, room);
  }

  private static Encoded utf16(ValueSource from, @Nullable StringForm form) {
    if (form != StringForm.UTF8) {
      byte[] data = wide(from.string());
      return new Encoded(data, data.length / 2, StringRoom.of(2, data.length));
    }
    byte[] utf8 = from.utf8();
    byte[] data = wide(new String(utf8, StandardCharsets.UTF_8));
    StringRoom room = StringRoom.of(2, 2L * utf8.length).shrunk(data.length);
    return new Encoded(data, data.length / 2, room);
  }

  private Encoded latin1OrUtf16(ValueSource from, @Nullable StringForm form) {
    String text;
    long units;
    if (form == StringForm.UTF8) {
      byte[] utf8 = from.utf8();
      text = new String(utf8, StandardCharsets.UTF_8);
      units = utf8.length;
    } else {
      text = from.string();
      units = text.length();
    }
    boolean narrow = latin1(text);
    byte[] data = narrow ? text.getBytes(StandardCharsets.ISO_8859_1) : wide(text);
    StringRoom room;
    if (form == null) {
      room = StringRoom.of(2, data.length);
    } else if (form == StringForm.PROBABLY_UTF16) {
      room = StringRoom.of(2, 2 * units);
      room = narrow ? room.deflated(data.length) : room;
    } else {
      room = StringRoom.of(2, units);
      room = narrow ? room.shrunk(data.length) : room.worst(2 * units).shrunk(data.length);
    }
    long tagged = narrow ? data.length : (data.length / 2) | pointer.utf16Tag();
    return new Encoded(data, tagged, room);
  }

  private static boolean latin1(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }

  private static byte[] wide(String text) {
    return text.getBytes(StandardCharsets.UTF_16LE);
  }
}
