package io.wattle.runtime.engine.endive;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The interpreters of one instance. Endive's has one stack of operands for all calls, which holds
 * while those of one thread return in turn. Guest threads that stop in the middle of a function do
 * not: while a thread has calls under way, it has an interpreter of its own.
 *
 * @param <I> kind of interpreter
 */
final class OwnStacks<I> {
  private final I interpreter;
  private final Supplier<I> another;

  /** The thread whose calls are on the interpreter's stack, and how many. */
  private @Nullable Thread owner;

  private int calls;
  private @Nullable OwnStacks<I> next;

  /**
   * @param interpreter the first one
   * @param another makes more of its kind
   */
  OwnStacks(I interpreter, Supplier<I> another) {
    this.interpreter = interpreter;
    this.another = another;
  }

  /** One for this thread, until {@link #leave} is called on it. */
  OwnStacks<I> enter() {
    Thread thread = Thread.currentThread();
    OwnStacks<I> own = this;
    while (own.owner != null && own.owner != thread) {
      if (own.next == null) {
        own.next = new OwnStacks<>(another.get(), another);
      }
      own = own.next;
    }
    own.owner = thread;
    own.calls++;
    return own;
  }

  I interpreter() {
    return interpreter;
  }

  void leave() {
    if (--calls == 0) {
      owner = null;
    }
  }
}
