package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import run.endive.runtime.Memory;

/**
 * One access of a linear memory under all the names it has: those of the canonical ABI and those of
 * Endive come down to eight, each at an effective address of 33 bits.
 */
abstract sealed class AccessibleMemory extends Stoppable implements Memory, CoreMemory
    permits GuestMemory {
  AccessibleMemory(StopSignal signal) {
    super(signal);
  }

  abstract byte load8(long ea);

  abstract short load16(long ea);

  abstract int load32(long ea);

  abstract long load64(long ea);

  abstract void store8(long ea, byte value);

  abstract void store16(long ea, short value);

  abstract void store32(long ea, int value);

  abstract void store64(long ea, long value);

  // --- CoreMemory: what the canonical ABI uses

  static long unsigned(int address) {
    return Integer.toUnsignedLong(address);
  }

  @Override
  public byte getByte(int address) {
    return load8(unsigned(address));
  }

  @Override
  public short getShort(int address) {
    return load16(unsigned(address));
  }

  @Override
  public int getInt(int address) {
    return load32(unsigned(address));
  }

  @Override
  public long getLong(int address) {
    return load64(unsigned(address));
  }

  @Override
  public void putByte(int address, byte value) {
    store8(unsigned(address), value);
  }

  @Override
  public void putShort(int address, short value) {
    store16(unsigned(address), value);
  }

  @Override
  public void putInt(int address, int value) {
    store32(unsigned(address), value);
  }

  @Override
  public void putLong(int address, long value) {
    store64(unsigned(address), value);
  }

  // --- Endive's Memory: what its interpreter uses

  @Override
  public byte read(int address) {
    return load8(unsigned(address));
  }

  @Override
  public void writeByte(int address, byte value) {
    store8(unsigned(address), value);
  }

  @Override
  public short readShort(int address) {
    return load16(unsigned(address));
  }

  @Override
  public long readU16(int address) {
    return load16(unsigned(address)) & 0xffff;
  }

  @Override
  public void writeShort(int address, short value) {
    store16(unsigned(address), value);
  }

  @Override
  public int readInt(int address) {
    return load32(unsigned(address));
  }

  @Override
  public void writeI32(int address, int value) {
    store32(unsigned(address), value);
  }

  @Override
  public long readLong(int address) {
    return load64(unsigned(address));
  }

  @Override
  public void writeLong(int address, long value) {
    store64(unsigned(address), value);
  }

  @Override
  public long readF32(int address) {
    return load32(unsigned(address));
  }

  @Override
  public float readFloat(int address) {
    return Float.intBitsToFloat(load32(unsigned(address)));
  }

  @Override
  public void writeF32(int address, float value) {
    store32(unsigned(address), Float.floatToRawIntBits(value));
  }

  @Override
  public long readF64(int address) {
    return load64(unsigned(address));
  }

  @Override
  public double readDouble(int address) {
    return Double.longBitsToDouble(load64(unsigned(address)));
  }

  @Override
  public void writeF64(int address, double value) {
    store64(unsigned(address), Double.doubleToRawLongBits(value));
  }

  // --- no memory is shared

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  @SuppressWarnings("removal")
  public Object lock(int address) {
    return this;
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, int expected, long timeout) {
    throw new TrapException(Kind.TRAP, "expected shared memory");
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, long expected, long timeout) {
    throw new TrapException(Kind.TRAP, "expected shared memory");
  }

  @Override
  @SuppressWarnings("removal")
  public int notify(int address, int maxThreads) {
    return 0;
  }
}
