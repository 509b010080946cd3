package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call as its server sees it, from the accept on. */
final class ServerCall implements Inbox.Route {
  /** So many rounds without a question from a caller that asks, and it is taken for dead. */
  private static final int CALLER_SILENT = 20;

  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Deadline deadline;
  private final byte[] first;
  private final Map<String, PathReceiver> receivers;
  private final Map<List<Integer>, AsyncValue> values;
  private final Map<String, StreamSender> senders = new ConcurrentHashMap<>();
  private final RootReceiver parameters = new RootReceiver();
  private @Nullable String lost;
  private @Nullable String stopped;
  private @Nullable Thread worker;
  private boolean tooLarge;
  private boolean handled;
  private boolean cancelled;
  private int unasked = -1;

  ServerCall(Deadline deadline, byte[] first, List<AsyncShape> shapes, Wire wire) {
    this.deadline = deadline;
    this.first = first;
    this.receivers = shapes.isEmpty() ? Map.of() : new HashMap<>();
    this.values = shapes.isEmpty() ? Map.of() : new HashMap<>();
    if (first.length > 0) {
      parameters.add(first);
    }
    for (AsyncShape shape : shapes) {
      PathReceiver receiver = PathReceiver.of(shape, wire);
      receivers.put(WrpcSubjects.path("params", shape.path()), receiver);
      values.put(shape.path(), receiver.value());
    }
  }

  @Override
  public void message(String suffix, Message message) {
    if (suffix.equals("params")) {
      parameter(message.getData());
    } else if (suffix.startsWith("credit.")) {
      StreamSender sender = senders.get(suffix);
      if (sender != null) {
        sender.credit(message);
      }
    } else {
      PathReceiver receiver = receivers.get(suffix);
      if (receiver != null) {
        receiver.message(message);
      }
    }
  }

  private synchronized void parameter(byte[] data) {
    tooLarge |= !parameters.add(data);
    notifyAll();
  }

  /** What the handshake held. */
  byte[] first() {
    return first;
  }

  /** The current thread works for this call from now on. */
  synchronized void begin() {
    worker = Thread.currentThread();
  }

  /** The caller gave up: stops the worker while it is at this call, and its streams. */
  void cancel() {
    cancel("the caller gave up");
  }

  private synchronized void cancel(String reason) {
    cancelled = true;
    if (!handled && worker != null) {
      worker.interrupt();
    }
    receivers.values().forEach(receiver -> receiver.fail(reason));
    stopped = reason;
    senders.values().forEach(sender -> sender.lost(reason));
  }

  /** From now on the worker is not interrupted; true when the caller gave up. */
  synchronized boolean handled() {
    handled = true;
    return cancelled;
  }

  synchronized boolean cancelled() {
    return cancelled;
  }

  /** The caller is one that asks. */
  synchronized void expectQuestions() {
    unasked = Math.max(unasked, 0);
  }

  /** The caller asked whether this call is under way. */
  synchronized void asked() {
    unasked = 0;
  }

  /** Some time has passed; a caller of those that ask, and does not, is gone. */
  synchronized void unasked() {
    if (unasked >= 0 && unasked++ == CALLER_SILENT && !cancelled) {
      cancel("the caller is lost: it does not ask for this call any more");
    }
  }

  @Override
  public synchronized void lost(String reason) {
    lost = reason;
    stopped = reason;
    notifyAll();
    receivers.values().forEach(receiver -> receiver.fail(reason));
    senders.values().forEach(sender -> sender.lost(reason));
  }

  /** All parameters, once the empty message has come. */
  synchronized byte[] awaitParameters() throws CallException, InterruptedException {
    while (!parameters.complete()) {
      if (cancelled) {
        throw new CallException(CallException.Kind.TIMEOUT, "the caller gave up");
      }
      if (tooLarge) {
        throw new CallException(
            CallException.Kind.MALFORMED,
            "parameters (expected: at most " + RootReceiver.LARGEST + " bytes)");
      }
      if (lost != null) {
        throw new CallException(CallException.Kind.LOST, lost);
      }
      long left = deadline.nanosLeft();
      if (left <= 0) {
        throw new CallException(
            CallException.Kind.TIMEOUT, "the parameters did not end before the deadline passed");
      }
      wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
    return parameters.bytes();
  }

  Map<List<Integer>, AsyncValue> values() {
    return values;
  }

  void addSender(String path, StreamSender sender) {
    String over;
    synchronized (this) {
      senders.put("credit." + path, sender);
      over = stopped;
    }
    if (over != null) {
      sender.lost(over);
    }
  }

  /** What was not read when the call ended is not wanted. */
  void close() {
    receivers
        .values()
        .forEach(
            receiver -> {
              if (!receiver.over()) {
                receiver.fail("the call has ended");
              }
            });
  }

  @Override
  public boolean over() {
    if (deadline.nanosLeft() < -GRACE_NANOS) {
      lost("the deadline passed long ago");
      return true;
    }
    return false;
  }
}
