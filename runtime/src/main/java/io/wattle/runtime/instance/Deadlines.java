package io.wattle.runtime.instance;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One timer thread that owns all deadlines. What it runs must not block. */
public final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  public Deadlines() {
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            code -> {
              Thread thread = new Thread(code, "wattle-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Runs {@code action} after so many nanoseconds unless the answer is cancelled before. */
  public Future<?> after(long nanos, Runnable action) {
    return timer.schedule(action, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
