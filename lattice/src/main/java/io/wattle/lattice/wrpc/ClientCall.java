package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.wit.io.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call as its client sees it. Messages come on the inbox's thread, the caller waits here. */
final class ClientCall implements Inbox.Route {
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final CallRequest request;
  private final Deadline deadline;
  private final List<AsyncShape> shapes;
  private final Map<String, PathReceiver> receivers = new HashMap<>();
  private final Map<List<Integer>, AsyncValue> values = new HashMap<>();
  private final Map<String, StreamSender> senders = new ConcurrentHashMap<>();
  private final RootReceiver results = new RootReceiver();
  private @Nullable Message accept;
  private @Nullable CallException failure;
  private volatile boolean done;
  private volatile boolean abandoned;

  ClientCall(CallRequest request, List<AsyncShape> shapes, Wire wire) {
    this.request = request;
    this.shapes = shapes;
    this.deadline = request.context().deadline();
    for (AsyncShape shape : shapes) {
      PathReceiver receiver = PathReceiver.of(shape, wire);
      receivers.put(WrpcSubjects.path("results", shape.path()), receiver);
      values.put(shape.path(), receiver.value());
    }
  }

  void addSender(String path, StreamSender sender) {
    senders.put("credit." + path, sender);
  }

  @Override
  public void message(String suffix, Message message) {
    if (suffix.isEmpty()) {
      first(message);
    } else if (suffix.equals("results")) {
      result(message);
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

  /** The accept, a whole answer, or NATS saying that nobody is there. */
  private synchronized void first(Message message) {
    if (message.isStatusMessage()) {
      fail(status(message));
    } else if (WrpcHeaders.get(message, WrpcHeaders.WHOLE).isPresent()) {
      WrpcHeaders.error(message).ifPresent(this::fail);
      onlyThese(Set.of());
      take(message.getData());
      take(Wire.EMPTY);
    } else if (message.getReplyTo() == null) {
      fail(
          new CallException(
              CallException.Kind.MALFORMED,
              request.target() + " accepted the call without saying where to send to"));
    } else {
      accept = message;
    }
    notifyAll();
  }

  private CallException status(Message message) {
    int code = message.getStatus().getCode();
    return code == 503
        ? new CallException(
            CallException.Kind.NOT_FOUND,
            "nobody serves "
                + request.target()
                + ": is it started, is it linked to this id, and is the version the same?")
        : new CallException(
            code == 408 ? CallException.Kind.TIMEOUT : CallException.Kind.LOST,
            request.target() + ": NATS says " + message.getStatus().getMessageWithCode());
  }

  private synchronized void result(Message message) {
    WrpcHeaders.error(message).ifPresent(this::fail);
    WrpcHeaders.async(message).ifPresent(this::onlyThese);
    take(message.getData());
    notifyAll();
  }

  /** Nothing else follows: nobody needs to wait for it. */
  private void onlyThese(Set<String> paths) {
    for (AsyncShape shape : shapes) {
      String path = WrpcSubjects.path("results", shape.path());
      PathReceiver receiver = receivers.get(path);
      if (receiver != null && !paths.contains(path)) {
        receiver.fail("not part of this answer");
        values.remove(shape.path());
      }
    }
  }

  private void take(byte[] data) {
    if (!results.add(data)) {
      fail(
          new CallException(
              CallException.Kind.MALFORMED,
              "results of "
                  + request.target()
                  + " (expected: at most "
                  + RootReceiver.LARGEST
                  + " bytes)"));
    }
  }

  private synchronized void fail(CallException e) {
    if (failure == null) {
      failure = e;
    }
    notifyAll();
  }

  @Override
  public void lost(String reason) {
    fail(new CallException(CallException.Kind.LOST, request.target() + ": " + reason));
    receivers.values().forEach(receiver -> receiver.fail(reason));
    senders.values().forEach(sender -> sender.lost(reason));
  }

  /** Where to send the rest to; empty when the answer came whole. */
  synchronized @Nullable Message awaitAccept() throws CallException, InterruptedException {
    while (accept == null && !results.complete()) {
      await("nobody took the call up");
    }
    return accept;
  }

  synchronized CallReply awaitReply() throws CallException, InterruptedException {
    while (!results.complete()) {
      await("no answer");
    }
    if (failure != null) {
      throw failure;
    }
    done = true;
    return new CallReply(results.bytes(), values);
  }

  @SuppressWarnings("WaitNotInLoop") // its callers loop
  private void await(String otherwise) throws CallException, InterruptedException {
    if (failure != null) {
      throw failure;
    }
    long left = deadline.nanosLeft();
    if (left <= 0) {
      throw new CallException(
          CallException.Kind.TIMEOUT,
          request.target() + ": " + otherwise + " before the deadline passed");
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(left) + 1;
    wait(millis);
  }

  /** The caller is gone: nobody reads streams. */
  void abandon(String reason) {
    abandoned = true;
    receivers.values().forEach(receiver -> receiver.fail(reason));
  }

  /** Whether something may still come that somebody reads. */
  boolean streaming() {
    return receivers.values().stream().anyMatch(receiver -> !receiver.over()) || !senders.isEmpty();
  }

  void senderDone(String path) {
    senders.remove("credit." + path);
  }

  @Override
  public boolean over(long nanos) {
    if (abandoned || (done && !streaming())) {
      return true;
    }
    if (deadline.nanosLeft() < -GRACE_NANOS) {
      lost("the deadline passed long ago");
      return true;
    }
    return false;
  }
}
