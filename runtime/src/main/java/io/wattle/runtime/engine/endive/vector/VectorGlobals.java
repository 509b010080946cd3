package io.wattle.runtime.engine.endive.vector;

import run.endive.runtime.Instance;

/**
 * The upper halves of globals that hold vectors; the lower ones are read and written like an i64.
 * Public because generated classes live in a package and loader of their own; no API.
 */
public final class VectorGlobals {
  private VectorGlobals() {}

  public static long readHigh(int index, Instance instance) {
    return instance.global(index).getValueHigh();
  }

  public static void writeHigh(long value, int index, Instance instance) {
    instance.global(index).setValueHigh(value);
  }
}
