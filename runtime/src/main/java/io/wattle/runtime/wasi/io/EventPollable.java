package io.wattle.runtime.wasi.io;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A pollable over an event source whose callbacks run once and cannot be taken back. It has one
 * callback registered at most, however often a guest polls, so that polling takes no memory.
 */
public abstract class EventPollable implements Pollable {
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile @Nullable Runnable waiter;

  /** Ready when {@code future} is complete. */
  public static Pollable of(CompletableFuture<?> future) {
    return new EventPollable() {
      @Override
      public boolean ready() {
        return future.isDone();
      }

      @Override
      protected void subscribe(Runnable callback) {
        var _ = future.whenComplete((value, failure) -> callback.run());
      }
    };
  }

  /** Has the source run {@code callback} once, as soon as it is ready. */
  protected abstract void subscribe(Runnable callback);

  @Override
  public final void whenReady(Runnable wake) {
    waiter = wake;
    if (armed.compareAndSet(false, true)) {
      subscribe(this::fire);
    }
  }

  private void fire() {
    armed.set(false);
    Runnable wake = waiter;
    if (wake != null) {
      wake.run();
    }
  }
}
