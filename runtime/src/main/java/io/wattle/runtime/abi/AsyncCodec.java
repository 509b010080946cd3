package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;

/**
 * The shape of streams, futures and error contexts: an index. Functions that have one are checked
 * by it, and refused where a graph is built, so none ever moves.
 */
final class AsyncCodec extends Codec {
  AsyncCodec() {
    super(4, 4, List.of(CoreValueType.I32), false);
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    throw new AssertionError("refused before");
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    throw new AssertionError("refused before");
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    throw new AssertionError("refused before");
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    throw new AssertionError("refused before");
  }
}
