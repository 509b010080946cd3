package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.ArrayList;
import java.util.List;

/** Lists whose length is part of the type: the elements, one after the other. */
final class FixedListCodec extends Codec {
  private final Codec element;
  private final int length;

  FixedListCodec(Codec element, int length) {
    super((long) element.size * length, element.align, flat(element, length), element.pointers);
    this.element = element;
    this.length = length;
  }

  private static List<CoreValueType> flat(Codec element, int length) {
    List<CoreValueType> flat = new ArrayList<>();
    for (int i = 0; i < length && flat.size() <= MAX_FLAT; i++) {
      flat.addAll(element.flat);
    }
    return List.copyOf(flat);
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    from.spend((long) element.weight * length);
    for (int i = 0; i < length; i++) {
      element.load(from, address + i * element.size, to);
    }
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    for (int i = 0; i < length; i++) {
      element.lift(from, values, at + i * element.flat.size(), to);
    }
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    for (int i = 0; i < length; i++) {
      element.store(from, to, address + i * element.size);
    }
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    for (int i = 0; i < length; i++) {
      element.lower(from, to, values, at + i * element.flat.size());
    }
  }
}
