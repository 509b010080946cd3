package io.wattle.runtime;

import io.wattle.wit.io.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a component, from outside or from another component: what host functions
 * receive instead of asking "the current thread". Thread-safe.
 */
public final class Task {
  private final String component;
  private final Deadline deadline;
  private final Map<String, String> headers;
  private final List<Runnable> whenCancelled = new ArrayList<>();
  private @Nullable String cancelled;

  /**
   * Makes a task.
   *
   * @param component the id of the component that runs
   * @param deadline after which it is stopped
   * @param headers trace context and what else travels with the call
   */
  public Task(String component, Deadline deadline, Map<String, String> headers) {
    this.component = component;
    this.deadline = deadline;
    this.headers = Map.copyOf(headers);
  }

  public String component() {
    return component;
  }

  public Deadline deadline() {
    return deadline;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /**
   * Ends the task: the guest is stopped at its next check, host calls that wait give up.
   * Idempotent.
   */
  public void cancel(String reason) {
    List<Runnable> callbacks;
    synchronized (this) {
      if (cancelled != null) {
        return;
      }
      cancelled = reason;
      callbacks = List.copyOf(whenCancelled);
      whenCancelled.clear();
    }
    callbacks.forEach(Runnable::run);
  }

  /** Why the task was cancelled, or null. */
  public synchronized @Nullable String cancelReason() {
    return cancelled;
  }

  /** Runs {@code callback} when the task is cancelled, at once if it is. It must not block. */
  public void onCancel(Runnable callback) {
    synchronized (this) {
      if (cancelled == null) {
        whenCancelled.add(callback);
        return;
      }
    }
    callback.run();
  }
}
