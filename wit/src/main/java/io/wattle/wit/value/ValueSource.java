package io.wattle.wit.value;

import io.wattle.wit.type.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * Where values are read from, in the order their type dictates: the counterpart of {@link
 * ValueSink}. Every method throws {@link MalformedValueException} when the data does not fit the
 * type that is asked for.
 */
public interface ValueSource {
  boolean bool();

  int s8();

  int u8();

  int s16();

  int u16();

  int s32();

  int u32();

  long s64();

  long u64();

  float f32();

  double f64();

  /** A Unicode scalar value. */
  int character();

  /** The UTF-8 bytes of a string, checked. */
  byte[] utf8();

  /** A string. */
  String string();

  /** How a guest kept the string that comes next; null when it is the host's own. */
  default @Nullable StringForm nextForm() {
    return null;
  }

  /** A whole {@code list<u8>}. */
  byte[] bytes();

  /** The number of elements of any other list, which follow. */
  int list();

  /** The case of a variant or enum, less than {@code cases}. */
  int variant(int cases);

  boolean option();

  /** True for ok. */
  boolean result();

  /** Flags as words of 32 bits, bit i of word i / 32 is flag i. */
  int[] flags(int count);

  /** The host's object behind a handle. */
  Object handle(ResourceType resource);
}
