package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.MalformedValueException;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;

/**
 * The readable ends of streams and futures: an index (CanonicalABI.md, {@code lift_async_value},
 * {@code lower_stream}). Between guests of one component only.
 */
final class AsyncCodec extends Codec {
  private static final ResourceType PASSAGE = new ResourceType("stream or future");
  private final ValueType type;

  AsyncCodec(ValueType type) {
    super(4, 4, List.of(CoreValueType.I32), false);
    this.type = type;
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    take(from, from.memory().getInt(address), to);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    take(from, (int) values[at], to);
  }

  private void take(CallContext from, int index, ValueSink to) {
    HandleTable table = from.instance.handles();
    Passage passage =
        table
            .get(index, Passage.ReadableEnd.class, "the readable end of a stream or future")
            .passOn(type);
    table.remove(index);
    to.handle(PASSAGE, passage);
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    to.memory().putInt(address, give(from, to));
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    values[at] = Integer.toUnsignedLong(give(from, to));
  }

  private static int give(ValueSource from, CallContext to) {
    if (from.handle(PASSAGE) instanceof Passage passage) {
      return to.instance.handles().add(passage.readable());
    }
    throw new MalformedValueException("no stream or future of a guest of this component");
  }
}
