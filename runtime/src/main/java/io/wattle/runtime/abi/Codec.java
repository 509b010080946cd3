package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;

/**
 * How values of one type move between a guest and the host: lifted from memory or flat core values
 * into a sink, lowered from a source. Immutable.
 */
public abstract class Codec {
  /** Flat values beyond this many are never flattened: they go through memory. */
  static final int MAX_FLAT = 16;

  /** Bytes of a number between guest and host, whatever its type. */
  static final int WORD = 8;

  final int size;
  final int align;

  /** The flat core types, or more than {@link #MAX_FLAT} of anything when there are more. */
  final List<CoreValueType> flat;

  /** Whether values hold pointers into memory, so that lowering them needs realloc. */
  final boolean pointers;

  /** Bytes that the host needs for a lifted value, but for what lists and strings count. */
  final int weight;

  /** One word for the host. */
  Codec(long size, int align, List<CoreValueType> flat, boolean pointers) {
    this(size, align, flat, pointers, WORD);
  }

  Codec(long size, int align, List<CoreValueType> flat, boolean pointers, int weight) {
    // Validation keeps types below 2^28 bytes; the key and value of a map are two of them.
    this.size = Math.toIntExact(size);
    this.align = align;
    this.flat = flat.size() > MAX_FLAT ? List.copyOf(flat.subList(0, MAX_FLAT + 1)) : flat;
    this.pointers = pointers;
    this.weight = weight;
  }

  /** Reads a value at an address that is aligned and in bounds. */
  abstract void load(CallContext from, int address, ValueSink to);

  /** Reads a value from {@code flat.size()} core values. */
  abstract void lift(CallContext from, long[] values, int at, ValueSink to);

  /** Writes a value at an address that is aligned and in bounds. */
  abstract void store(ValueSource from, CallContext to, int address);

  /** Writes a value as {@code flat.size()} core values. */
  abstract void lower(ValueSource from, CallContext to, long[] values, int at);

  static long alignTo(long offset, int align) {
    return (offset + align - 1) & -align;
  }
}
