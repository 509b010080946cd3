package io.wattle.lattice.wrpc;

import io.wattle.wit.type.ResourceType;
import io.wattle.wit.value.ValueSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Writes values in wRPC's encoding (section 6.6) into bytes that grow as needed. */
public final class ValueEncoder implements ValueSink {
  private byte[] buffer;
  private int size;

  /** An empty one. */
  public ValueEncoder() {
    this(256);
  }

  /** An empty one with room for {@code capacity} bytes. */
  public ValueEncoder(int capacity) {
    buffer = new byte[Math.max(16, capacity)];
  }

  /** Everything written so far, copied. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  /** How many bytes were written. */
  public int size() {
    return size;
  }

  /** Forgets everything, keeps the room. */
  public void reset() {
    size = 0;
  }

  /** A stream or future whose data follow at its own path. */
  public void pending() {
    put(0);
  }

  /** A stream of bytes that is here as a whole; an empty one can only be {@link #pending}. */
  public void inlineStream(byte[] data) {
    if (data.length == 0) {
      throw new IllegalArgumentException("an empty stream (expected: pending)");
    }
    bytes(data, 0, data.length);
  }

  /** A future that is here; its value follows. */
  public void readyFuture() {
    put(1);
  }

  /** A {@code list<string>}. */
  public void strings(List<String> values) {
    list(values.size());
    values.forEach(this::string);
  }

  /** An {@code option<u64>}. */
  public void optionalU64(OptionalLong value) {
    option(value.isPresent());
    value.ifPresent(this::u64);
  }

  @Override
  public void bool(boolean value) {
    put(value ? 1 : 0);
  }

  @Override
  public void s8(int value) {
    put(value);
  }

  @Override
  public void u8(int value) {
    put(value);
  }

  @Override
  public void s16(int value) {
    signed((short) value);
  }

  @Override
  public void u16(int value) {
    unsigned(value & 0xFFFFL);
  }

  @Override
  public void s32(int value) {
    signed(value);
  }

  @Override
  public void u32(int value) {
    unsigned(value & 0xFFFF_FFFFL);
  }

  @Override
  public void s64(long value) {
    signed(value);
  }

  @Override
  public void u64(long value) {
    unsigned(value);
  }

  @Override
  public void f32(float value) {
    littleEndian(Float.floatToRawIntBits(value), 4);
  }

  @Override
  public void f64(double value) {
    littleEndian(Double.doubleToRawLongBits(value), 8);
  }

  @Override
  public void character(int codePoint) {
    if (!Character.isValidCodePoint(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE)) {
      throw new IllegalArgumentException(
          "char: 0x" + Integer.toHexString(codePoint) + " (expected: a Unicode scalar value)");
    }
    byte[] utf8 = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
    raw(utf8, 0, utf8.length);
  }

  @Override
  public void string(byte[] utf8, int offset, int length) {
    bytes(utf8, offset, length);
  }

  @Override
  public void string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    bytes(utf8, 0, utf8.length);
  }

  @Override
  public void bytes(byte[] data, int offset, int length) {
    unsigned(length);
    raw(data, offset, length);
  }

  @Override
  public void list(int count) {
    unsigned(count & 0xFFFF_FFFFL);
  }

  @Override
  public void variant(int caseIndex) {
    unsigned(caseIndex & 0xFFFF_FFFFL);
  }

  @Override
  public void option(boolean present) {
    put(present ? 1 : 0);
  }

  @Override
  public void result(boolean ok) {
    put(ok ? 0 : 1);
  }

  @Override
  public void flags(int[] words, int count) {
    for (int i = 0; i < (count + 7) / 8; i++) {
      int bits = words[i / 4] >>> (i % 4 * 8) & 0xFF;
      int last = count - i * 8;
      put(last < 8 ? bits & ((1 << last) - 1) : bits);
    }
  }

  /** Only handles that are opaque bytes can leave the process. */
  @Override
  public void handle(ResourceType resource, Object rep) {
    if (!(rep instanceof byte[] opaque)) {
      throw new IllegalArgumentException(
          resource.name() + ": a handle of this process cannot be sent over the lattice");
    }
    bytes(opaque, 0, opaque.length);
  }

  private void littleEndian(long bits, int count) {
    ensure(count);
    for (int i = 0; i < count; i++) {
      buffer[size++] = (byte) (bits >>> (8 * i));
    }
  }

  private void unsigned(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  private void signed(long value) {
    ensure(10);
    long rest = value;
    while (rest < -64 || rest > 63) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>= 7;
    }
    buffer[size++] = (byte) (rest & 0x7F);
  }

  private void put(int value) {
    ensure(1);
    buffer[size++] = (byte) value;
  }

  private void raw(byte[] data, int offset, int length) {
    ensure(length);
    System.arraycopy(data, offset, buffer, size, length);
    size += length;
  }

  private void ensure(int more) {
    int needed = Math.addExact(size, more);
    if (needed > buffer.length) {
      int doubled = buffer.length > Integer.MAX_VALUE / 2 - 8 ? needed : buffer.length * 2;
      buffer = Arrays.copyOf(buffer, Math.max(needed, doubled));
    }
  }
}
