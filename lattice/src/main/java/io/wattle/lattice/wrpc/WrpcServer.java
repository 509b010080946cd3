package io.wattle.lattice.wrpc;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.ReaderDispatchers;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallTarget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers calls over NATS (sections 6.1 to 6.5). Each call is handled on a virtual thread of its
 * own; handlers admit or refuse (BUSY).
 */
public final class WrpcServer implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final LatticeConnection connection;
  private final Inbox inbox;
  private final CallAnswerer answerer;
  private final Dispatcher control;
  private final InFlight inFlight = new InFlight();
  private final Map<String, Target> targets = new HashMap<>();
  private final Set<Dispatcher> functions = new HashSet<>();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("wrpc-call-", 0).factory());

  private WrpcServer(LatticeConnection connection, WrpcOptions options) {
    this.connection = connection;
    CallAnswerer[] made = new CallAnswerer[1];
    this.inbox =
        new Inbox(
            connection,
            inbox -> made[0] = new CallAnswerer(new Wire(connection, options.additions()), inbox),
            options.askEvery(),
            /* answers= */ false);
    this.answerer = made[0];
    this.control = connection.nats().createDispatcher();
  }

  /** A server on this connection. */
  public static WrpcServer open(LatticeConnection connection) {
    return open(connection, WrpcOptions.DEFAULT);
  }

  /** A server on this connection that speaks as {@code options} say. */
  public static WrpcServer open(LatticeConnection connection, WrpcOptions options) {
    return new WrpcServer(connection, options);
  }

  /**
   * What the functions of a target share: callers cancel and ask here, for as long as one of the
   * functions is served or drained, or a call of them is under way.
   */
  private final class Target {
    private final io.nats.client.Subscription cancels;
    private final io.nats.client.Subscription questions;
    private final AtomicInteger users = new AtomicInteger();

    Target(String id) {
      cancels =
          control.subscribe(
              WrpcSubjects.cancel(connection.lattice(), id),
              message -> answerer.cancel(new String(message.getData(), StandardCharsets.UTF_8)));
      questions =
          control.subscribe(
              WrpcSubjects.alive(connection.lattice(), id),
              message -> answerer.tellAlive(message, false));
    }

    void close() {
      if (control.isActive()) {
        control.unsubscribe(cancels);
        control.unsubscribe(questions);
      }
    }
  }

  /**
   * Serves one function in the queue group of the target; goes on until closed. It returns when the
   * subscription was sent; {@link LatticeConnection#flush} waits for the server to know it. Calls
   * that NATS has handed out when it is closed are answered still.
   *
   * @param targetId component or provider
   * @param instance WIT instance with version; empty for a function of the world
   * @param function as on the wire
   */
  public Subscription serve(
      String targetId, String instance, String function, AsyncShapes shapes, CallHandler handler) {
    CallTarget called = new CallTarget(targetId, instance, function);
    Target target = use(targetId);
    // Each function has a dispatcher of its own, since only a dispatcher can be drained.
    ReaderDispatchers.OnReader taking =
        message -> received(called, target, shapes, handler, message);
    Dispatcher dispatcher = connection.nats().createDispatcher(taking);
    synchronized (targets) {
      functions.add(dispatcher);
    }
    dispatcher.subscribe(
        WrpcSubjects.invocation(connection.lattice(), called),
        WrpcSubjects.queue(connection.lattice(), targetId));
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        synchronized (targets) {
          functions.remove(dispatcher);
        }
        var _ = drain(dispatcher).whenComplete((drained, failure) -> leave(targetId, target));
      }
    };
  }

  private Target use(String targetId) {
    synchronized (targets) {
      Target target = targets.computeIfAbsent(targetId, Target::new);
      target.users.incrementAndGet();
      return target;
    }
  }

  private void leave(String targetId, Target target) {
    if (target.users.decrementAndGet() > 0) {
      return;
    }
    synchronized (targets) {
      // It may have been taken into use again meanwhile.
      if (target.users.get() == 0 && targets.remove(targetId, target)) {
        target.close();
      }
    }
  }

  private void received(
      CallTarget called, Target target, AsyncShapes shapes, CallHandler handler, Message message) {
    CallAnswerer.Taken taken = answerer.take(called, shapes, message);
    if (taken == null) {
      return;
    }
    inFlight.enter();
    target.users.incrementAndGet(); // the function is one already
    try {
      workers.execute(
          () -> {
            try {
              answerer.answer(taken, handler);
            } finally {
              over(called, target);
            }
          });
    } catch (RejectedExecutionException e) {
      over(called, target);
    }
  }

  private void over(CallTarget called, Target target) {
    inFlight.leave();
    leave(called.id(), target);
  }

  private CompletableFuture<Boolean> drain(Dispatcher dispatcher) {
    if (connection.state() != ConnectionState.CONNECTED) {
      close(dispatcher); // it would wait for a server that is away, which hands nothing out
    } else if (dispatcher.isActive()) {
      try {
        return dispatcher.drain(DRAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IllegalStateException e) {
        // the connection is gone, and the subscription with it
        return CompletableFuture.completedFuture(false);
      }
    }
    return CompletableFuture.completedFuture(false);
  }

  /** Calls under way, their streams included. */
  public int inFlight() {
    return inFlight.count();
  }

  /** Takes no new calls and waits for those under way; whether all ended in time. */
  public boolean drain(Duration timeout) throws InterruptedException {
    synchronized (targets) {
      functions.forEach(
          dispatcher -> {
            var _ = drain(dispatcher);
          });
      functions.clear();
    }
    long end = System.nanoTime() + timeout.toNanos();
    connection.flush(timeout);
    return inFlight.awaitZero(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
  }

  /** Takes no new calls; those under way are cut. */
  @Override
  public void close() {
    synchronized (targets) {
      functions.forEach(this::close);
      functions.clear();
      targets.clear();
      close(control);
    }
    workers.shutdownNow();
    inbox.close();
  }

  private void close(Dispatcher dispatcher) {
    if (dispatcher.isActive()) {
      connection.nats().closeDispatcher(dispatcher);
    }
  }

  /** A count that can be waited for. */
  private static final class InFlight {
    private final AtomicInteger count = new AtomicInteger();

    void enter() {
      count.incrementAndGet();
    }

    void leave() {
      if (count.decrementAndGet() == 0) {
        synchronized (this) {
          notifyAll();
        }
      }
    }

    int count() {
      return count.get();
    }

    synchronized boolean awaitZero(long millis) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      while (count.get() > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    }
  }
}
