package io.wattle.cli.base;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time between two rounds of a command that goes on until it is interrupted. */
public final class Pause {
  private Pause() {}

  /** Waits so long. */
  public static void of(Duration time) throws InterruptedException {
    var _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
