package io.wattle.runtime.engine.endive;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where modules are compiled in the background: on all processors but one, which is for those who
 * wait for an answer meanwhile, by threads that end when there is nothing to do, small modules
 * first. What waits is kept within a part of the heap by asking {@link #hasRoom} before.
 */
final class Background implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Background.class);
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** A parsed module takes some 24 times the room of its binary (measured on Rust guests). */
  private static final int PARSED = 24;

  private final Executor executor;
  private final @Nullable ThreadPoolExecutor own;
  private final AtomicLong waiting = new AtomicLong();
  private final long room = Runtime.getRuntime().maxMemory() / 8 / PARSED;
  private volatile boolean closed;

  /**
   * @param given runs what is compiled, or null for threads of its own
   */
  Background(@Nullable Executor given) {
    own = given == null ? threads() : null;
    executor = own == null ? java.util.Objects.requireNonNull(given) : own;
  }

  private static ThreadPoolExecutor threads() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new PriorityBlockingQueue<>(16, (a, b) -> Integer.compare(size(a), size(b))),
            Thread.ofPlatform().name("compile-", 0).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static int size(Runnable task) {
    return task instanceof Sized sized ? sized.attempt.size() : Integer.MAX_VALUE;
  }

  /** Whether a module of this size may wait: not when others that wait fill the room. */
  boolean hasRoom(int size) {
    long others = waiting.get();
    return others == 0 || others + size <= room;
  }

  /**
   * Compiles on some thread, at some time.
   *
   * @throws RejectedExecutionException when this is closed
   */
  void execute(Compilation.Attempt attempt) {
    if (closed) {
      throw new RejectedExecutionException("the engine is closed");
    }
    waiting.addAndGet(attempt.size());
    try {
      executor.execute(new Sized(attempt));
    } catch (RejectedExecutionException e) {
      waiting.addAndGet(-attempt.size());
      throw e;
    }
  }

  /** Does something small when no module waits to be compiled; not at all when this is closed. */
  void later(Runnable task) {
    if (!closed) {
      try {
        executor.execute(
            () -> {
              if (!closed) {
                task.run();
              }
            });
      } catch (RejectedExecutionException e) {
        log.debug("closed meanwhile: left undone");
      }
    }
  }

  private final class Sized implements Runnable {
    private final Compilation.Attempt attempt;

    Sized(Compilation.Attempt attempt) {
      this.attempt = attempt;
    }

    @Override
    public void run() {
      try {
        attempt.run();
      } finally {
        waiting.addAndGet(-attempt.size());
      }
    }
  }

  /** Begins nothing any more, and waits a little for what is being compiled. */
  @Override
  public void close() {
    closed = true;
    if (own == null) {
      return;
    }
    own.shutdown();
    own.getQueue().clear();
    try {
      if (!own.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        log.info("a large module is being compiled still; its thread ends with it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
