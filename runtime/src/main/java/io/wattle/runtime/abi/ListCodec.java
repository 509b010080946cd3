package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;

/** Lists of any length: a pointer and a count. {@code list<u8>} moves as a whole. */
final class ListCodec extends Codec {
  private final Codec element;
  private final boolean bytes;

  ListCodec(Codec element, boolean bytes) {
    super(8, 4, List.of(CoreValueType.I32, CoreValueType.I32), true);
    this.element = element;
    this.bytes = bytes;
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    read(from, from.memory().getInt(address), from.memory().getInt(address + 4), to);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    read(from, (int) values[at], (int) values[at + 1], to);
  }

  private void read(CallContext from, int address, int count, ValueSink to) {
    long length = Integer.toUnsignedLong(count) * element.size;
    if (length > CallContext.MAX_BYTES) {
      throw Traps.trap("list of " + length + " bytes (expected: < 2^28)");
    }
    from.check(address, length, element.align, "list");
    if (bytes) {
      from.spend(length + 16);
      byte[] data = new byte[(int) length];
      from.memory().read(address, data, 0, data.length);
      to.bytes(data, 0, data.length);
      return;
    }
    from.spend(Math.max(length, (long) element.weight * count) + 16);
    to.list(count);
    for (int i = 0; i < count; i++) {
      element.load(from, address + i * element.size, to);
    }
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    long[] pair = new long[2];
    lower(from, to, pair, 0);
    to.memory().putInt(address, (int) pair[0]);
    to.memory().putInt(address + 4, (int) pair[1]);
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    int address;
    int count;
    if (bytes) {
      byte[] data = from.bytes();
      count = data.length;
      address = to.allocate(1, count);
      to.memory().write(address, data, 0, count);
    } else {
      count = from.list();
      address = to.allocate(element.align, (long) count * element.size);
      for (int i = 0; i < count; i++) {
        element.store(from, to, address + i * element.size);
      }
    }
    values[at] = Integer.toUnsignedLong(address);
    values[at + 1] = count;
  }
}
