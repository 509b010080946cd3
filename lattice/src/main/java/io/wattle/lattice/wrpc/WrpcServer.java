package io.wattle.lattice.wrpc;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallTarget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers calls over NATS (sections 6.1 to 6.5). Each call is handled on a virtual thread of its
 * own; handlers admit or refuse (BUSY).
 */
public final class WrpcServer implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final LatticeConnection connection;
  private final Inbox inbox;
  private final CallAnswerer answerer;
  private final InFlight inFlight = new InFlight();
  private final Map<String, Target> targets = new HashMap<>();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("wrpc-call-", 0).factory());

  private WrpcServer(LatticeConnection connection) {
    this.connection = connection;
    this.inbox = new Inbox(connection);
    this.answerer = new CallAnswerer(new Wire(connection), inbox);
  }

  /** A server on this connection. */
  public static WrpcServer open(LatticeConnection connection) {
    return new WrpcServer(connection);
  }

  /** One subscriber thread for all functions of a target, so that they can be drained. */
  private static final class Target {
    private final Dispatcher dispatcher;
    private int functions;

    Target(Dispatcher dispatcher) {
      this.dispatcher = dispatcher;
    }
  }

  /**
   * Serves one function in the queue group of the target; goes on until closed. It returns when the
   * subscription was sent; {@link LatticeConnection#flush} waits for the server to know it. When
   * the last function of a target is closed, calls that NATS has handed out already are answered
   * still.
   *
   * @param targetId component or provider
   * @param instance WIT instance with version; empty for a function of the world
   * @param function as on the wire
   */
  public Subscription serve(
      String targetId, String instance, String function, AsyncShapes shapes, CallHandler handler) {
    CallTarget called = new CallTarget(targetId, instance, function);
    String subject = WrpcSubjects.invocation(connection.lattice(), called);
    Target target;
    synchronized (targets) {
      target =
          targets.computeIfAbsent(
              targetId, id -> new Target(connection.nats().createDispatcher(this::cancel)));
      if (target.functions == 0) {
        target.dispatcher.subscribe(WrpcSubjects.cancel(connection.lattice(), targetId));
      }
      target.functions++;
    }
    io.nats.client.Subscription subscription =
        target.dispatcher.subscribe(
            subject,
            WrpcSubjects.queue(connection.lattice(), targetId),
            message -> received(called, shapes, handler, message));
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.compareAndSet(true, false)) {
        stop(targetId, target, subscription);
      }
    };
  }

  private void cancel(Message message) {
    answerer.cancel(new String(message.getData(), StandardCharsets.UTF_8));
  }

  private void received(
      CallTarget target, AsyncShapes shapes, CallHandler handler, Message message) {
    inFlight.enter();
    try {
      workers.execute(
          () -> {
            try {
              answerer.answer(target, shapes, handler, message);
            } finally {
              inFlight.leave();
            }
          });
    } catch (RejectedExecutionException e) {
      inFlight.leave();
    }
  }

  private void stop(String targetId, Target target, io.nats.client.Subscription subscription) {
    synchronized (targets) {
      target.functions--;
      if (target.functions > 0) {
        if (target.dispatcher.isActive()) {
          target.dispatcher.unsubscribe(subscription);
        }
        return;
      }
      targets.remove(targetId, target);
    }
    drain(target);
  }

  private static void drain(Target target) {
    if (target.dispatcher.isActive()) {
      try {
        var _ = target.dispatcher.drain(DRAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IllegalStateException e) {
        return; // the connection is gone, and the subscription with it
      }
    }
  }

  /** Calls under way, their streams included. */
  public int inFlight() {
    return inFlight.count();
  }

  /** Takes no new calls and waits for those under way; whether all ended in time. */
  public boolean drain(Duration timeout) throws InterruptedException {
    synchronized (targets) {
      targets.values().forEach(WrpcServer::drain);
      targets.clear();
    }
    long end = System.nanoTime() + timeout.toNanos();
    connection.flush(timeout);
    return inFlight.awaitZero(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
  }

  /** Takes no new calls; those under way are cut. */
  @Override
  public void close() {
    synchronized (targets) {
      for (Target target : targets.values()) {
        if (target.dispatcher.isActive()) {
          connection.nats().closeDispatcher(target.dispatcher);
        }
      }
      targets.clear();
    }
    workers.shutdownNow();
    inbox.close();
  }

  /** A count that can be waited for. */
  private static final class InFlight {
    private int count;

    synchronized void enter() {
      count++;
    }

    synchronized void leave() {
      count--;
      notifyAll();
    }

    synchronized int count() {
      return count;
    }

    synchronized boolean awaitZero(long millis) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      while (count > 0) {
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
