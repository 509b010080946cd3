package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;

/** Lists of any length: a pointer and a count. {@code list<u8>} moves as a whole. */
final class ListCodec extends Codec {
  private final Codec element;
  private final boolean bytes;
  private final PointerType pointer;

  ListCodec(Codec element, boolean bytes, PointerType pointer) {
    super(2L * pointer.size, pointer.size, pointer.pair(), true);
    this.pointer = pointer;
    this.element = element;
    this.bytes = bytes;
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    CoreMemory memory = from.memory();
    read(from, pointer.load(memory, address), pointer.load(memory, address + pointer.size), to);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    read(from, pointer.of(values[at]), pointer.of(values[at + 1]), to);
  }

  /** Both unsigned. */
  private void read(CallContext from, long begin, long elements, ValueSink to) {
    if (elements < 0 || elements > CallContext.MAX_COUNT) {
      throw Traps.trap(
          "list of " + Long.toUnsignedString(elements) + " elements (expected: < 2^28 bytes)");
    }
    long length = elements * element.size;
    if (length > CallContext.MAX_BYTES) {
      throw Traps.trap("list of " + length + " bytes (expected: < 2^28)");
    }
    int count = (int) elements;
    int address = from.check(begin, length, element.align, "list");
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
    pointer.store(to.memory(), address, pair);
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
