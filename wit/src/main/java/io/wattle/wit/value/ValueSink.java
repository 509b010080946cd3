package io.wattle.wit.value;

import io.wattle.wit.type.ResourceType;

/**
 * Where values are written, in the order their type dictates: a record is its fields, a list its
 * count and then its elements, a variant its case number and then the payload if the case has one.
 * A list of fixed length is its elements, without a count. The wRPC encoder is one sink, lowering
 * into a guest's memory another. The writer keeps to the type; a sink may rely on it. A sink may
 * keep the arrays it is given: they must not change afterwards.
 */
public interface ValueSink {
  void bool(boolean value);

  /**
   * Any of s8, u8, s16, u16, s32, u32: {@code value} is sign- or zero-extended as its type says.
   */
  void s8(int value);

  void u8(int value);

  void s16(int value);

  void u16(int value);

  void s32(int value);

  void u32(int value);

  void s64(long value);

  void u64(long value);

  void f32(float value);

  void f64(double value);

  /** A Unicode scalar value. */
  void character(int codePoint);

  /** A string, as the UTF-8 bytes {@code utf8[offset, offset + length)}, which must be valid. */
  void string(byte[] utf8, int offset, int length);

  /** A string of the host, which has no form of its own. */
  void string(String value);

  /** A string, and how a guest kept it; sinks for which that is the same leave it out. */
  default void string(String value, StringForm form) {
    string(value);
  }

  /** A whole {@code list<u8>}. */
  void bytes(byte[] data, int offset, int length);

  /** Starts any other list of {@code count} elements. */
  void list(int count);

  /** The case of a variant or enum (its payload, if any, follows). */
  void variant(int caseIndex);

  /** An option; if present its value follows. */
  void option(boolean present);

  /** A result; its payload, if any, follows. */
  void result(boolean ok);

  /** Flags: bit i of word i / 32 is flag i; {@code count} flags. */
  void flags(int[] words, int count);

  /** A handle: {@code rep} is the host's object of an owned or borrowed resource. */
  void handle(ResourceType resource, Object rep);
}
