package io.wattle.runtime.host;

import io.wattle.runtime.Task;
import java.util.function.Supplier;

/** What a host function learns about the call it serves. */
public interface HostCall {
  /** The invocation it belongs to. */
  Task task();

  /**
   * State that belongs to the invocation's instance and vanishes with it: made on first use, one
   * for each key. If it is AutoCloseable it is closed with the instance.
   */
  <T> T state(Class<T> key, Supplier<T> make);
}
