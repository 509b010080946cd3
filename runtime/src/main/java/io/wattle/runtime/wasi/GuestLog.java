package io.wattle.runtime.wasi;

import io.wattle.runtime.Task;
import org.slf4j.event.Level;

/** Where {@code wasi:logging} goes. */
@FunctionalInterface
public interface GuestLog {
  /**
   * One message of a guest.
   *
   * @param task the invocation, which knows the component
   * @param level {@code critical} is ERROR
   * @param context as the guest gave it
   */
  void log(Task task, Level level, String context, String message);
}
