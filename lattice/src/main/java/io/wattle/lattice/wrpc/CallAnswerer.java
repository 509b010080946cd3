package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.impl.Headers;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallFailures;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.wit.io.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one handshake to its end, on the thread that is given to it. */
final class CallAnswerer implements Inbox.Control {
  private static final Logger LOG = LoggerFactory.getLogger(CallAnswerer.class);
  private static final Duration DEADLINE_UNLESS_SAID = Duration.ofMinutes(10);
  private static final int ROOM_FOR_HEADERS = 4096;

  /** What an answer may carry of each stream, in bytes. */
  private static final int LARGEST_INLINE = 64 * 1024;

  /** How long a small body may take to be complete before it is streamed. */
  private static final Duration PATIENCE = Duration.ofMillis(5);

  private final Wire wire;
  private final Inbox inbox;
  private final Map<String, ServerCall> callsByReply = new ConcurrentHashMap<>();
  private final EarlyCancels early = new EarlyCancels();

  CallAnswerer(Wire wire, Inbox inbox) {
    this.wire = wire;
    this.inbox = inbox;
  }

  /** A call that was taken up, and goes on with {@link #answer}. */
  record Taken(
      CallTarget target,
      Message handshake,
      CallContext context,
      String token,
      ServerCall call,
      @Nullable Map<List<Integer>, AsyncValue> whole) {
    String replyTo() {
      return handshake.getReplyTo();
    }
  }

  /**
   * Takes a handshake up, so that from now on its caller can cancel it and ask for it; null when it
   * cannot be answered. Does not wait.
   */
  @Nullable Taken take(CallTarget target, AsyncShapes shapes, Message handshake) {
    String replyTo = handshake.getReplyTo();
    if (replyTo == null) {
      LOG.warn("a call of {} without a reply subject is ignored", target);
      return null;
    }
    CallContext context = WrpcHeaders.context(handshake, wire.additions(), DEADLINE_UNLESS_SAID);
    Map<List<Integer>, AsyncValue> whole = whole(handshake, shapes);
    String token = NUID.nextGlobal();
    ServerCall call =
        new ServerCall(
            context.deadline(),
            handshake.getData(),
            whole == null ? shapes.parameters() : List.of(),
            wire);
    if (whole == null) {
      inbox.add(token, call); // else nothing comes until the accept
    }
    if (whole != null || wire.addition(handshake, WrpcHeaders.CREDIT).isPresent()) {
      call.expectQuestions(); // it is one of ours
    }
    callsByReply.put(replyTo, call);
    if (early.take(replyTo)) {
      call.cancel();
    }
    return new Taken(target, handshake, context, token, call, whole);
  }

  /** The streams and futures of a handshake that holds everything; null when more follows. */
  private @Nullable Map<List<Integer>, AsyncValue> whole(Message handshake, AsyncShapes shapes) {
    Optional<String> parts = wire.addition(handshake, WrpcHeaders.WHOLE);
    if (parts.isEmpty()) {
      return null;
    }
    try {
      return Inline.decode(parts.get()).values(shapes.parameters());
    } catch (IllegalArgumentException e) {
      LOG.debug("{} is not understood: {}", WrpcHeaders.WHOLE, e.getMessage());
      return null; // then the parts are sent as streams
    }
  }

  /** Brings a call to its end. */
  void answer(Taken taken, CallHandler handler) {
    CallTarget target = taken.target();
    Message handshake = taken.handshake();
    CallContext context = taken.context();
    ServerCall call = taken.call();
    String token = taken.token();
    String replyTo = taken.replyTo();
    boolean credit =
        taken.whole() != null || wire.addition(handshake, WrpcHeaders.CREDIT).isPresent();
    call.begin();
    try {
      if (taken.whole() != null) {
        answerWhole(taken, taken.whole(), handler, credit);
      } else {
        answerStreamed(target, handler, replyTo, context, call, token, credit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CallException e) {
      LOG.debug("{}: the answer was not sent: {}", target, e.getMessage());
    } finally {
      call.close();
      inbox.remove(token);
      callsByReply.remove(replyTo, call);
    }
  }

  /** The caller that waits at {@code replyTo} gave up. */
  void cancel(String replyTo) {
    early.remember(replyTo); // first, so that either we find the call or it finds this
    ServerCall call = callsByReply.get(replyTo);
    if (call != null) {
      early.take(replyTo);
      call.cancel();
    }
  }

  /** A caller asks us about calls that we may have. */
  @Override
  public void message(String suffix, Message ask) {
    tellAlive(ask, true);
  }

  @Override
  public void tick(Collection<Inbox.Route> routes) {
    callsByReply.values().forEach(ServerCall::unasked);
  }

  /**
   * Tells a caller which of the calls it asks about are under way here.
   *
   * @param always also when it is none; else another host has them
   */
  void tellAlive(Message ask, boolean always) {
    String replyTo = ask.getReplyTo();
    int key = replyTo == null ? -1 : replyTo.lastIndexOf('.');
    int control = key < 0 ? -1 : replyTo.lastIndexOf('.', key - 1);
    if (control < 0) {
      return;
    }
    String prefix = replyTo.substring(0, control + 1);
    StringJoiner known = new StringJoiner("\n");
    for (String token : new String(ask.getData(), StandardCharsets.US_ASCII).split("\n", -1)) {
      ServerCall call = callsByReply.get(prefix + token);
      if (call != null) {
        call.asked();
        known.add(token);
      }
    }
    if (always || known.length() > 0) {
      byte[] body = known.toString().getBytes(StandardCharsets.US_ASCII);
      try {
        wire.connection().nats().publish(replyTo, inbox.controlSubject(), body);
      } catch (IllegalStateException e) {
        LOG.debug("{} is not told: {}", replyTo, e.getMessage());
      }
    }
  }

  /** The handshake held everything, and the caller takes one message for an answer. */
  private void answerWhole(
      Taken taken, Map<List<Integer>, AsyncValue> async, CallHandler handler, boolean credit)
      throws CallException, InterruptedException {
    CallContext context = taken.context();
    Message handshake = taken.handshake();
    Outcome outcome =
        run(
            handler,
            new CallRequest(taken.target(), context, handshake.getData(), async),
            taken.call());
    if (outcome.failure() != null) {
      Headers headers = error(outcome.failure());
      headers.put(WrpcHeaders.WHOLE, Inline.NONE);
      wire.publish(taken.replyTo(), null, headers, Wire.EMPTY, sending(context));
      return;
    }
    CallReply reply = outcome.reply();
    Inline parts = Inline.of(reply.async(), LARGEST_INLINE, PATIENCE);
    if (parts != null
        && reply.results().length + parts.size() <= wire.maxPayload() - ROOM_FOR_HEADERS) {
      Headers headers =
          parts.parts().isEmpty()
              ? WrpcHeaders.NO_PARTS
              : WrpcHeaders.of(WrpcHeaders.WHOLE, parts.lengths());
      byte[] body = parts.behind(reply.results());
      wire.publish(taken.replyTo(), null, headers, body, sending(context));
      return;
    }
    inbox.add(taken.token(), taken.call());
    accept(taken.replyTo(), taken.token(), context, true);
    send(taken.replyTo(), reply, context, taken.call(), taken.token(), credit);
  }

  private void answerStreamed(
      CallTarget target,
      CallHandler handler,
      String replyTo,
      CallContext context,
      ServerCall call,
      String token,
      boolean credit)
      throws CallException, InterruptedException {
    accept(replyTo, token, context, false);
    Outcome outcome;
    try {
      byte[] parameters = call.awaitParameters();
      outcome = run(handler, new CallRequest(target, context, parameters, call.values()), call);
    } catch (CallException e) {
      outcome = new Outcome(CallReply.of(Wire.EMPTY), e);
    } catch (InterruptedException e) {
      outcome = interrupted(call, e);
    }
    if (outcome.failure() != null) {
      Headers headers = wire.additions() ? error(outcome.failure()) : null;
      wire.publish(replyTo + ".results", null, headers, Wire.EMPTY, sending(context));
      return;
    }
    send(replyTo, outcome.reply(), context, call, token, credit);
  }

  private void accept(String replyTo, String token, CallContext context, boolean whole)
      throws CallException, InterruptedException {
    Headers headers = null;
    if (wire.additions()) {
      headers = WrpcHeaders.of(WrpcHeaders.CREDIT, "1").put(WrpcHeaders.ALIVE, "1");
      if (whole) {
        headers.put(WrpcHeaders.WHOLE, Inline.NONE);
      }
    }
    wire.publish(
        /* subject= */ replyTo,
        /* replyTo= */ inbox.subject(token),
        headers,
        Wire.EMPTY,
        sending(context));
  }

  /** A reply, or why there is none. */
  private record Outcome(CallReply reply, @Nullable CallException failure) {}

  private static Outcome run(CallHandler handler, CallRequest request, ServerCall call)
      throws InterruptedException {
    try {
      if (call.cancelled()) {
        throw new CallException(CallException.Kind.TIMEOUT, "the caller gave up");
      }
      if (request.context().deadline().passed()) {
        throw new CallException(
            CallException.Kind.TIMEOUT, request.target() + ": the deadline passed on the way");
      }
      CallReply reply = handler.handle(request);
      return new Outcome(reply, null);
    } catch (CallException e) {
      return new Outcome(CallReply.of(Wire.EMPTY), e);
    } catch (InterruptedException e) {
      return interrupted(call, e);
    } catch (RuntimeException | Error e) {
      return new Outcome(CallReply.of(Wire.EMPTY), CallFailures.of(request.target(), e));
    } finally {
      if (call.handled()) {
        Thread.interrupted(); // meant for the handler, which has ended
      }
    }
  }

  /** The caller's cancel, or our own end. */
  private static Outcome interrupted(ServerCall call, InterruptedException e)
      throws InterruptedException {
    if (!call.cancelled()) {
      throw e;
    }
    return new Outcome(
        CallReply.of(Wire.EMPTY),
        new CallException(CallException.Kind.TIMEOUT, "the caller gave up", e));
  }

  private static Headers error(CallException failure) {
    return WrpcHeaders.error(failure.kind(), failure.getMessage());
  }

  /** Even after the deadline, an answer may be sent for a moment. */
  private static Deadline sending(CallContext context) {
    return context.deadline().nanosLeft() > 0
        ? context.deadline()
        : Deadline.in(Duration.ofSeconds(1));
  }

  private void send(
      String replyTo,
      CallReply reply,
      CallContext context,
      ServerCall call,
      String token,
      boolean credit)
      throws CallException, InterruptedException {
    Deadline deadline = sending(context);
    List<Thread> threads = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (Map.Entry<List<Integer>, AsyncValue> async : reply.async().entrySet()) {
      String path = WrpcSubjects.path("results", async.getKey());
      StreamSender sender =
          new StreamSender(
              wire,
              replyTo + "." + path,
              credit ? inbox.subject(token) + ".credit." + path : null,
              deadline);
      call.addSender(path, sender);
      paths.add(path);
      threads.add(Thread.ofVirtual().unstarted(() -> sendOne(sender, async.getValue(), reply)));
    }
    wire.publishAll(replyTo + ".results", reply.results(), 0, deadline);
    Headers end = wire.additions() ? WrpcHeaders.async(paths) : null;
    wire.publish(replyTo + ".results", null, end, Wire.EMPTY, deadline);
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      join(thread, threads);
    }
  }

  /** What follows a stream, like trailers, never comes when the stream was cut. */
  private static void giveUpFutures(Collection<AsyncValue> values) {
    for (AsyncValue value : values) {
      if (value instanceof AsyncValue.Future(CompletableFuture<byte[]> encoded)) {
        encoded.completeExceptionally(
            new CallException(CallException.Kind.LOST, "a stream of the same answer was cut"));
      }
    }
  }

  private static void join(Thread thread, List<Thread> all) throws InterruptedException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      all.forEach(Thread::interrupt);
      throw e;
    }
  }

  private static void sendOne(StreamSender sender, AsyncValue value, CallReply reply) {
    try {
      if (!sender.send(value)) {
        giveUpFutures(reply.async().values());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
