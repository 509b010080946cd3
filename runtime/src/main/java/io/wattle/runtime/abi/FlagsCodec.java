package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;

/** Up to 32 flags in one, two or four bytes. */
final class FlagsCodec extends Codec {
  private final int count;
  private final int mask;

  FlagsCodec(int count) {
    super(bytes(count), bytes(count), List.of(CoreValueType.I32), false);
    this.count = count;
    this.mask = count == 32 ? -1 : (1 << count) - 1;
  }

  private static int bytes(int count) {
    return count <= 8 ? 1 : count <= 16 ? 2 : 4;
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    CoreMemory memory = from.memory();
    int bits =
        switch (size) {
          case 1 -> memory.getByte(address);
          case 2 -> memory.getShort(address);
          default -> memory.getInt(address);
        };
    to.flags(new int[] {bits & mask}, count);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    to.flags(new int[] {(int) values[at] & mask}, count);
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    int bits = from.flags(count)[0] & mask;
    CoreMemory memory = to.memory();
    switch (size) {
      case 1 -> memory.putByte(address, (byte) bits);
      case 2 -> memory.putShort(address, (short) bits);
      default -> memory.putInt(address, bits);
    }
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    values[at] = (from.flags(count)[0] & mask) & 0xffffffffL;
  }
}
