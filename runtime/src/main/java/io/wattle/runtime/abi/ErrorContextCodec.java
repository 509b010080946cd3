package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.value.MalformedValueException;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;

/** Error contexts: an index; whoever passes one on keeps it. */
final class ErrorContextCodec extends Codec {
  private static final ResourceType ERROR = new ResourceType("error-context");

  ErrorContextCodec() {
    super(4, 4, List.of(CoreValueType.I32), false);
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    take(from, from.memory().getInt(address), to);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    take(from, (int) values[at], to);
  }

  private static void take(CallContext from, int index, ValueSink to) {
    to.handle(ERROR, from.instance.handles().get(index, ErrorContext.class, "an error context"));
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
    if (from.handle(ERROR) instanceof ErrorContext error) {
      return to.instance.handles().add(error);
    }
    throw new MalformedValueException("no error context");
  }
}
