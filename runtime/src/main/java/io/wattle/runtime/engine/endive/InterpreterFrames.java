package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import run.endive.runtime.Instance;

/**
 * Bounds what interpreted calls hold on the heap: the JVM's stack bounds their depth, but a
 * function with fifty thousand locals takes 400 KB of heap each time it calls itself.
 */
final class InterpreterFrames {
  private static final long LIMIT = 64L << 20;
  private static final int FRAME = 256;
  private long held;

  long enter(Instance instance, int function) {
    var body = instance.function(function);
    long bytes = FRAME + (body == null ? 0 : 8L * body.localTypes().size());
    if (held + bytes > LIMIT) {
      throw new TrapException(Kind.LIMIT, "call stack exhausted");
    }
    held += bytes;
    return bytes;
  }

  void leave(long bytes) {
    held -= bytes;
  }
}
