package io.wattle.lattice.wrpc;

import io.wattle.wit.type.ResourceType;
import io.wattle.wit.value.MalformedValueException;
import io.wattle.wit.value.ValueSource;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads values in wRPC's encoding (section 6.6). Every read is checked; what does not fit is a
 * {@link MalformedValueException} that names the offset.
 */
public final class ValueDecoder implements ValueSource {
  private final byte[] data;
  private final Function<byte[], Object> handles;
  private int at;

  /** Reads from the beginning of {@code data}, which is not copied. */
  public ValueDecoder(byte[] data) {
    this(data, bytes -> bytes);
  }

  /** The same; {@code handles} makes of a handle's opaque bytes the object that it stands for. */
  public ValueDecoder(byte[] data, Function<byte[], Object> handles) {
    this.data = data;
    this.handles = handles;
  }

  /** Bytes not read yet. */
  public int remaining() {
    return data.length - at;
  }

  /** Fails unless everything was read. */
  public void end() {
    if (remaining() > 0) {
      throw malformed(at, "value", remaining() + " more bytes", "the end");
    }
  }

  /** A stream of bytes: as a whole, or empty when its data follow at its own path. */
  public Optional<byte[]> inlineStream() {
    byte[] whole = bytes();
    return whole.length == 0 ? Optional.empty() : Optional.of(whole);
  }

  /** A future: true when its value is here and follows. */
  public boolean readyFuture() {
    return flag("future", "0 (pending) or 1 (ready)") == 1;
  }

  /** A {@code list<string>}. */
  public List<String> strings() {
    int count = list();
    List<String> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(string());
    }
    return values;
  }

  /** An {@code option<u64>}. */
  public OptionalLong optionalU64() {
    return option() ? OptionalLong.of(u64()) : OptionalLong.empty();
  }

  @Override
  public boolean bool() {
    return flag("bool", "0 or 1") == 1;
  }

  @Override
  public int s8() {
    return next("s8");
  }

  @Override
  public int u8() {
    return next("u8") & 0xFF;
  }

  @Override
  public int s16() {
    return (int) signed("s16", 16);
  }

  @Override
  public int u16() {
    return (int) unsigned("u16", 16);
  }

  @Override
  public int s32() {
    return (int) signed("s32", 32);
  }

  @Override
  public int u32() {
    return (int) unsigned("u32", 32);
  }

  @Override
  public long s64() {
    return signed("s64", 64);
  }

  @Override
  public long u64() {
    return unsigned("u64", 64);
  }

  @Override
  public float f32() {
    return Float.intBitsToFloat((int) littleEndian("f32", 4));
  }

  @Override
  public double f64() {
    return Double.longBitsToDouble(littleEndian("f64", 8));
  }

  @Override
  public int character() {
    int start = at;
    int first = next("char") & 0xFF;
    int length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    need("char", length - 1);
    String text = decode(start, length, "char");
    at = start + length;
    if (text.codePointCount(0, text.length()) != 1) {
      throw malformed(start, "char", "\"" + text + "\"", "one Unicode scalar value");
    }
    return text.codePointAt(0);
  }

  @Override
  public byte[] utf8() {
    int start = at;
    byte[] raw = length("string");
    if (!ascii(raw)) {
      at -= raw.length;
      decode(at, raw.length, "string at byte " + start);
      at += raw.length;
    }
    return raw;
  }

  @Override
  public String string() {
    int start = at;
    int length = count("string");
    need("string", length);
    String text = decode(at, length, "string at byte " + start);
    at += length;
    return text;
  }

  @Override
  public byte[] bytes() {
    return length("list<u8>");
  }

  @Override
  public int list() {
    int start = at;
    int count = count("list");
    if (count > remaining()) {
      throw malformed(
          start, "list", count + " elements", "at most " + remaining() + ", a byte for each");
    }
    return count;
  }

  @Override
  public int variant(int cases) {
    int start = at;
    int index = (int) unsigned("case", 32);
    if (Integer.compareUnsigned(index, cases) >= 0) {
      throw malformed(start, "case", Integer.toUnsignedString(index), "less than " + cases);
    }
    return index;
  }

  @Override
  public boolean option() {
    return flag("option", "0 (none) or 1 (some)") == 1;
  }

  @Override
  public boolean result() {
    return flag("result", "0 (ok) or 1 (err)") == 0;
  }

  @Override
  public int[] flags(int count) {
    int[] words = new int[(count + 31) / 32];
    int length = (count + 7) / 8;
    need("flags", length);
    for (int i = 0; i < length; i++) {
      int last = count - i * 8;
      int mask = last < 8 ? (1 << last) - 1 : 0xFF;
      words[i / 4] |= (data[at++] & mask) << (i % 4 * 8);
    }
    return words;
  }

  /** What the opaque bytes of a handle stand for: themselves, unless the maker knows better. */
  @Override
  public Object handle(ResourceType resource) {
    return handles.apply(length(resource.name()));
  }

  private static boolean ascii(byte[] raw) {
    for (byte b : raw) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private String decode(int offset, int length, String what) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(data, offset, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(offset, what, length + " bytes that are not UTF-8", "UTF-8");
    }
  }

  private byte[] length(String what) {
    int length = count(what);
    need(what, length);
    at += length;
    return Arrays.copyOfRange(data, at - length, at);
  }

  private int count(String what) {
    int start = at;
    long count = unsigned(what + " length", 32);
    if (count > Integer.MAX_VALUE) {
      throw malformed(start, what + " length", Long.toString(count), "less than 2^31");
    }
    return (int) count;
  }

  private int flag(String what, String expected) {
    int start = at;
    int value = next(what) & 0xFF;
    if (value > 1) {
      throw malformed(start, what, Integer.toString(value), expected);
    }
    return value;
  }

  private long unsigned(String what, int bits) {
    int start = at;
    long value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
      int b = next(what) & 0xFF;
      int room = bits - shift;
      if (room < 7 && (b & 0x7F) >>> room != 0) {
        throw malformed(start, what, "a number too large", "at most " + bits + " bits");
      }
      value |= (long) (b & 0x7F) << shift;
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    throw malformed(start, what, "a number too long", "at most " + (bits + 6) / 7 + " bytes");
  }

  private long signed(String what, int bits) {
    int start = at;
    long value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
      int b = next(what);
      int room = bits - shift;
      int low = b << 25 >> 25; // seven bits, sign extended
      if (room < 7 && low >> (room - 1) != 0 && low >> (room - 1) != -1) {
        throw malformed(start, what, "a number too large", "at most " + bits + " bits");
      }
      value |= (long) (b & 0x7F) << shift;
      if ((b & 0x80) == 0) {
        int unused = Math.max(0, 64 - shift - 7);
        return value << unused >> unused;
      }
    }
    throw malformed(start, what, "a number too long", "at most " + (bits + 6) / 7 + " bytes");
  }

  private long littleEndian(String what, int count) {
    need(what, count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (data[at++] & 0xFFL) << (8 * i);
    }
    return value;
  }

  private byte next(String what) {
    need(what, 1);
    return data[at++];
  }

  private void need(String what, int length) {
    if (length > remaining()) {
      throw malformed(at, what, remaining() + " bytes left", length + " bytes");
    }
  }

  private static MalformedValueException malformed(
      int offset, String what, String got, String expected) {
    return new MalformedValueException(
        "byte " + offset + ": " + what + ": " + got + " (expected: " + expected + ")");
  }
}
