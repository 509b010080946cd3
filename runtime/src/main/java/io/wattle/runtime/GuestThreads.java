package io.wattle.runtime;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.instance.Deadlines;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that guests run on: platform threads, so that a guest which never yields takes its
 * share of the processors and not the carriers of everything else (docs/decisions.md, "Guests run
 * on platform threads").
 *
 * <p>A few of them take short invocations one after the other, which spares most switches between
 * threads. Whenever invocations have to queue because the threads wait in host calls, or because
 * guests compute on and on, more are started: at most as many as there are invocations, which
 * admission bounds; a hard limit stands behind it.
 */
public final class GuestThreads implements AutoCloseable {
  /** Room for calls nested some ten thousand deep; only what is used becomes resident. */
  public static final long STACK_BYTES = 4L << 20;

  private static final int MAX_THREADS = 2048;
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** How often a queue that is not empty is looked at. */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long an invocation waits for guests that compute before it gets a thread of its own. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final int processors = Runtime.getRuntime().availableProcessors();
  private final int spare = Math.max(4, 2 * processors);
  private final long stackBytes;
  private final int most;
  private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final Set<GuestThread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicInteger idle = new AtomicInteger();
  private final Thread watch;

  /** For those who wait without a thread. */
  private final Deadlines deadlines = new Deadlines();

  private volatile boolean watching;
  private volatile boolean closed;

  /**
   * Starts with none; they are made as they are needed.
   *
   * @param stackBytes of each thread; it bounds how deep a guest's calls can nest
   */
  public GuestThreads(long stackBytes) {
    this(stackBytes, MAX_THREADS);
  }

  /**
   * @param most threads at a time
   */
  GuestThreads(long stackBytes, int most) {
    this.stackBytes = stackBytes;
    this.most = most;
    this.watch = Thread.ofPlatform().name("guest-threads").daemon().unstarted(this::watch);
    watch.start();
  }

  /** An invocation and when it came. */
  private record Waiting(Runnable guest, long since) {}

  /**
   * Runs {@code guest} on a guest thread.
   *
   * @throws TrapException BUSY when all threads are taken
   * @throws RejectedExecutionException when this is closed
   */
  public void execute(Runnable guest) {
    if (closed) {
      throw new RejectedExecutionException("the guest threads are closed");
    }
    if (idle.get() == 0) {
      int started = threads.size();
      if (started < spare) {
        start(guest);
        return;
      }
      if (started >= most) {
        throw new TrapException(
            TrapException.Kind.BUSY,
            "all " + most + " guest threads are taken by guests that run or wait");
      }
    }
    queue.add(new Waiting(guest, System.nanoTime()));
    if (idle.get() == 0) {
      wakeWatch();
    }
  }

  Deadlines deadlines() {
    return deadlines;
  }

  private void wakeWatch() {
    if (!watching) {
      LockSupport.unpark(watch);
    }
  }

  /** Whether the current thread is a guest thread. */
  public boolean isCurrent() {
    return Thread.currentThread() instanceof GuestThread thread && thread.owner.equals(this);
  }

  private void start(@Nullable Runnable first) {
    GuestThread thread = new GuestThread(this, first, stackBytes);
    threads.add(thread);
    thread.start();
  }

  /** Starts threads while invocations queue for want of one. */
  private void watch() {
    while (!closed) {
      Waiting first = queue.peek();
      watching = first != null;
      // Looked at again: somebody may have queued before it could see that nobody watches.
      if (first == null && queue.isEmpty()) {
        LockSupport.park(this);
        continue;
      }
      LockSupport.parkNanos(this, TICK_NANOS);
      first = queue.peek();
      if (first != null
          && threads.size() < most
          && (computing() < processors || System.nanoTime() - first.since() > PATIENCE_NANOS)) {
        start(null);
      }
    }
  }

  private long computing() {
    return threads.stream().filter(t -> t.getState() == Thread.State.RUNNABLE).count();
  }

  /** Takes one invocation after the other until there has been none for a while. */
  private void work(@Nullable Runnable first) {
    if (first != null) {
      first.run();
    }
    Waiting next = take();
    while (next != null) {
      // An interrupt was meant for the guest before.
      var _ = Thread.interrupted();
      next.guest().run();
      next = take();
    }
  }

  private @Nullable Waiting take() {
    Waiting next = queue.poll();
    if (next != null || closed) {
      return next;
    }
    if (idle.incrementAndGet() > spare) {
      idle.decrementAndGet();
      return null;
    }
    try {
      next = queue.poll(IDLE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      next = null;
    }
    // What came while this one still counted as idle is not left to it alone.
    if (idle.decrementAndGet() == 0 && !queue.isEmpty()) {
      wakeWatch();
    }
    return next != null || closed ? next : queue.poll();
  }

  /** Knows whose it is. */
  private static final class GuestThread extends Thread {
    private static final AtomicLong COUNT = new AtomicLong();
    private final GuestThreads owner;
    private @Nullable Runnable first;

    GuestThread(GuestThreads owner, @Nullable Runnable first, long stackBytes) {
      super(null, null, "guest-" + COUNT.incrementAndGet(), stackBytes, false);
      this.owner = owner;
      this.first = first;
      setDaemon(true);
    }

    @Override
    public void run() {
      Runnable given = first;
      first = null;
      try {
        owner.work(given);
      } finally {
        owner.threads.remove(this);
      }
    }
  }

  /** Interrupts what runs and takes nothing more. */
  @Override
  public void close() {
    closed = true;
    deadlines.close();
    LockSupport.unpark(watch);
    threads.forEach(Thread::interrupt);
    queue.clear();
  }
}
