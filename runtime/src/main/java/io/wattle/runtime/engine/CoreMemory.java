package io.wattle.runtime.engine;

/**
 * A linear memory. Addresses are unsigned 32-bit; every access is checked and traps when out of
 * bounds. Little endian.
 */
public non-sealed interface CoreMemory extends CoreExtern {
  @Override
  CoreExternType.Memory type();

  /** Its size in bytes now. */
  long byteSize();

  byte getByte(int address) throws TrapException;

  short getShort(int address) throws TrapException;

  int getInt(int address) throws TrapException;

  long getLong(int address) throws TrapException;

  void putByte(int address, byte value) throws TrapException;

  void putShort(int address, short value) throws TrapException;

  void putInt(int address, int value) throws TrapException;

  void putLong(int address, long value) throws TrapException;

  /** Copies {@code length} bytes out of the memory. */
  void read(int address, byte[] into, int offset, int length) throws TrapException;

  /** Copies {@code length} bytes into the memory. */
  void write(int address, byte[] from, int offset, int length) throws TrapException;
}
