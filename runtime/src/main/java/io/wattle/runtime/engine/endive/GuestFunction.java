package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreValueType;
import run.endive.runtime.Instance;

/** A function of an instance. */
record GuestFunction(EndiveStore store, Instance instance, int index, CoreExternType.Func type)
    implements CoreFunction {
  @Override
  public long[] call(long... arguments) {
    int expected = CoreValueType.words(type.parameters());
    if (arguments.length != expected) {
      throw new IllegalArgumentException(
          "arguments: " + arguments.length + " (expected: " + expected + ")");
    }
    return store.call(this, arguments);
  }

  /** Without the store's boundary: from a guest of the same store. */
  long[] callInside(long[] arguments) {
    return instance.getMachine().call(index, arguments);
  }
}
