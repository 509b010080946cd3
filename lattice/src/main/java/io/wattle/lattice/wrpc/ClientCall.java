package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallReports;
import io.wattle.lattice.call.CallRequest;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One call as its client sees it. Messages come on the inbox's thread, the caller waits here. */
final class ClientCall implements Inbox.Route {
  /** What a header may carry of each stream, in bytes. */
  private static final int LARGEST_INLINE = 16 * 1024;

  /** How long a small body may take to be complete before it is streamed. */
  private static final Duration PATIENCE = Duration.ofMillis(1);

  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final CallRequest request;
  private final String token;
  private final Deadline deadline;
  private final List<AsyncShape> shapes;
  private final AtomicInteger messages = new AtomicInteger();
  private final Wire wire;
  private final Life life = new Life();
  private final CallReports reports;
  private final long startedNanos = Ticker.SYSTEM.nanos();
  private final Map<String, PathReceiver> receivers;
  private final Map<List<Integer>, AsyncValue> values;
  private final Map<String, StreamSender> senders;
  private final RootReceiver results = new RootReceiver();
  private @Nullable Inline inline;
  private @Nullable Message accept;
  private @Nullable CallException failure;
  private long answeredNanos;
  private boolean reported;
  private volatile boolean done;
  private volatile boolean abandoned;

  ClientCall(
      CallRequest request, String token, List<AsyncShape> shapes, Wire wire, CallReports reports) {
    this.request = request;
    this.token = token;
    this.shapes = shapes;
    this.deadline = request.context().deadline();
    this.wire = wire.counting(messages);
    this.reports = reports;
    this.receivers = shapes.isEmpty() ? Map.of() : new HashMap<>();
    this.values = shapes.isEmpty() ? Map.of() : new HashMap<>();
    this.senders = request.async().isEmpty() ? Map.of() : new ConcurrentHashMap<>();
    for (AsyncShape shape : shapes) {
      PathReceiver receiver = PathReceiver.of(shape, wire);
      receivers.put(WrpcSubjects.path("results", shape.path()), receiver);
      values.put(shape.path(), receiver.value());
    }
  }

  CallRequest request() {
    return request;
  }

  String token() {
    return token;
  }

  /** Counts what it publishes as part of this call. */
  Wire wire() {
    return wire;
  }

  /** What is known of the callee's host. */
  Life life() {
    return life;
  }

  long ageNanos() {
    return Ticker.SYSTEM.nanos() - startedNanos;
  }

  void addSender(String path, StreamSender sender) {
    senders.put("credit." + path, sender);
  }

  @Override
  public void message(String suffix, Message message) {
    messages.incrementAndGet();
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
    } else if (message.getReplyTo() == null
        && wire.addition(message, WrpcHeaders.WHOLE).isPresent()) {
      wire.error(message).ifPresent(this::fail);
      onlyThese(Set.of());
      take(unpacked(message));
      take(Wire.EMPTY);
    } else if (message.getReplyTo() == null) {
      fail(
          new CallException(
              CallException.Kind.MALFORMED,
              request.target() + " accepted the call without saying where to send to"));
    } else {
      accept = message;
      life.accepted(message, wire.addition(message, WrpcHeaders.ALIVE).isPresent());
    }
    notifyAll();
  }

  /** The results; streams and futures that came with them are here, too. */
  private byte[] unpacked(Message message) {
    Optional<String> lengths = wire.addition(message, WrpcHeaders.WHOLE);
    if (lengths.isEmpty() || shapes.isEmpty()) {
      return message.getData();
    }
    try {
      Inline.Split split = Inline.split(message.getData(), lengths.get());
      values.putAll(split.parts().values(shapes));
      return split.values();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      fail(
          new CallException(
              CallException.Kind.MALFORMED,
              request.target() + ": " + WrpcHeaders.WHOLE + ": " + lengths.get()));
      return Wire.EMPTY;
    }
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
    wire.error(message).ifPresent(this::fail);
    if (wire.additions()) {
      WrpcHeaders.async(message).ifPresent(this::onlyThese);
    }
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
    receivers.values().stream()
        .filter(receiver -> !receiver.ended())
        .forEach(receiver -> receiver.fail(reason));
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
    answeredNanos = ageNanos();
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

  /** Whether it depends on the callee still. */
  boolean waits() {
    return !done
        || !senders.isEmpty()
        || receivers.values().stream().anyMatch(receiver -> !receiver.ended());
  }

  void senderDone(String path) {
    senders.remove("credit." + path);
  }

  /** It is over: says so once, with why there was no answer. */
  void report(CallException.@Nullable Kind why) {
    CallPath path;
    long nanos;
    synchronized (this) {
      if (reported) {
        return;
      }
      reported = true;
      path = inline != null && accept == null ? CallPath.ONE_MESSAGE : CallPath.WRPC;
      nanos = done ? answeredNanos : ageNanos();
    }
    reports.ended(request.target(), path, messages.get(), nanos, why);
  }

  /** What the handshake brings with it besides the values; null when there is more to send. */
  synchronized @Nullable Inline inline() {
    return inline;
  }

  /** Puts into the handshake what fits: then one message may answer. */
  void pack() throws InterruptedException {
    if (wire.additions() && request.parameters().length < wire.maxPayload() / 2) {
      Inline packed = Inline.of(request.async(), LARGEST_INLINE, PATIENCE);
      synchronized (this) {
        inline = packed;
      }
    }
  }

  /** What is to be sent when the callee has not taken it from the handshake. */
  Map<List<Integer>, AsyncValue> toSend(Message answered) {
    boolean taken = wire.addition(answered, WrpcHeaders.WHOLE).isPresent();
    return taken ? Map.of() : request.async();
  }

  @Override
  public boolean over() {
    if (!abandoned && deadline.nanosLeft() < -GRACE_NANOS) {
      lost("the deadline passed long ago");
    }
    boolean over = abandoned || (done && !streaming()) || deadline.nanosLeft() < -GRACE_NANOS;
    if (over && done) {
      report(null);
    }
    return over;
  }
}
