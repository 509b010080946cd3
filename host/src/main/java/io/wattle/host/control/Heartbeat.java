package io.wattle.host.control;

import io.wattle.host.admin.HostMetrics;
import io.wattle.host.event.Events;
import io.wattle.wit.io.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the host is alive and what runs on it: at once, then at a fixed interval, and whenever
 * it is asked to. It has its own thread, which nothing else uses.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private static final Duration LAST_BEAT = Duration.ofSeconds(1);

  private final HostFacts facts;
  private final Events events;
  private final HostMetrics metrics;
  private final Runnable also;
  private final long intervalNanos;
  private final Ticker ticker;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private boolean now = true;
  private boolean closed;

  /**
   * @param also done before each beat; must not block
   */
  public Heartbeat(
      HostFacts facts,
      Events events,
      HostMetrics metrics,
      Runnable also,
      Duration interval,
      Ticker ticker) {
    this.also = also;
    this.facts = facts;
    this.events = events;
    this.metrics = metrics;
    this.intervalNanos = interval.toNanos();
    this.ticker = ticker;
    this.thread = Thread.ofPlatform().name("heartbeat").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Beats now. */
  public void now() {
    lock.lock();
    try {
      now = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No beat follows: one that is under way is waited for, within a second. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      wake.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      var _ = thread.join(LAST_BEAT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long next = ticker.nanos();
    while (awaitTurn(next)) {
      next = ticker.nanos() + intervalNanos;
      try {
        facts.providers().tick();
        metrics.providers(facts.providers().health());
        also.run();
        events.heartbeat(facts.inventory());
      } catch (RuntimeException | Error e) { // the next one may work
        LOG.error("a heartbeat failed", e);
      }
    }
  }

  private boolean awaitTurn(long next) {
    lock.lock();
    try {
      while (!closed && !now) {
        long left = next - ticker.nanos();
        if (left <= 0) {
          break;
        }
        wake.awaitNanos(left);
      }
      now = false;
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
