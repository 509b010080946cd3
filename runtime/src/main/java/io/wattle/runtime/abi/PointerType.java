package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreValueType;
import java.util.List;

/**
 * The type of pointers into a guest's memory, and of lengths beside them (CanonicalABI.md, {@code
 * ptr_type}): the memory's addresses are of it.
 */
public enum PointerType {
  /** Of memories of 32 bits, and where there is none. */
  I32(Integer.BYTES, CoreValueType.I32),
  /** Of memories of 64 bits. */
  I64(Long.BYTES, CoreValueType.I64);

  final int size;
  private final CoreValueType core;

  PointerType(int size, CoreValueType core) {
    this.size = size;
    this.core = core;
  }

  /** Its type in core functions. */
  public CoreValueType core() {
    return core;
  }

  /** The flat types of a pointer and a length. */
  List<CoreValueType> pair() {
    return List.of(core, core);
  }

  /** A pointer as memories take it: the last address there is where it is beyond that. */
  public int reach(long value) {
    long address = of(value);
    return address < 0 || address > 0xffff_ffffL ? -1 : (int) address;
  }

  /** An unsigned number of a core value. */
  long of(long value) {
    return switch (this) {
      case I32 -> Integer.toUnsignedLong((int) value);
      case I64 -> value;
    };
  }

  long load(CoreMemory memory, int address) {
    return switch (this) {
      case I32 -> Integer.toUnsignedLong(memory.getInt(address));
      case I64 -> memory.getLong(address);
    };
  }

  private void store(CoreMemory memory, int address, long value) {
    switch (this) {
      case I32 -> memory.putInt(address, (int) value);
      case I64 -> memory.putLong(address, value);
    }
  }

  /** Writes a pointer and a length. */
  void store(CoreMemory memory, int address, long[] pair) {
    store(memory, address, pair[0]);
    store(memory, address + size, pair[1]);
  }

  /** The bit of a length that says that a string is in UTF-16 ({@code utf16_tag}). */
  long utf16Tag() {
    return 1L << (Byte.SIZE * size - 1);
  }
}
