package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.impl.Headers;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallReports;
import io.wattle.lattice.call.CallRequest;
import io.wattle.wit.io.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Calls components and providers over NATS (sections 6.1 to 6.5). One is enough for a connection;
 * all calls share its inbox. A slow reader of one stream holds up no other call.
 *
 * <p>To another of our own it offers to answer with one message, and both tell each other how many
 * bytes of a stream they have taken, so that a slow reader slows its writer.
 */
public final class WrpcClient implements CallHandler, AutoCloseable {
  private static final int CANCEL_TRIES = 10;

  private final Wire wire;
  private final AsyncShapeResolver shapes;
  private final CallReports reports;
  private final Inbox inbox;
  private final ExecutorService senders =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("wrpc-send-", 0).factory());

  private WrpcClient(LatticeConnection connection, AsyncShapeResolver shapes, WrpcOptions options) {
    this.wire = new Wire(connection, options.additions());
    this.shapes = shapes;
    this.reports = options.reports();
    this.inbox =
        new Inbox(
            connection,
            inbox -> new CallWatch(inbox, wire, options.askEvery()),
            options.askEvery(),
            /* answers= */ true);
  }

  /** A client whose calls' results have the shapes that {@code shapes} says. */
  public static WrpcClient open(LatticeConnection connection, AsyncShapeResolver shapes) {
    return open(connection, shapes, WrpcOptions.DEFAULT);
  }

  /** A client that speaks as {@code options} say. */
  public static WrpcClient open(
      LatticeConnection connection, AsyncShapeResolver shapes, WrpcOptions options) {
    return new WrpcClient(connection, shapes, options);
  }

  /**
   * Calls, and waits until the results are there, at most to the deadline.
   *
   * @throws CallException NOT_FOUND when nobody serves the function, TIMEOUT, LOST when the callee
   *     gave up without a reason, or the callee's own kind and text when it is one of ours
   */
  @Override
  public CallReply handle(CallRequest request) throws CallException, InterruptedException {
    String token = NUID.nextGlobal();
    List<AsyncShape> results = shapes.shapes(request.target()).results();
    ClientCall call = new ClientCall(request, token, results, wire, reports);
    inbox.add(token, call);
    boolean streaming = false;
    try {
      CallReply reply = call(call);
      streaming = call.streaming();
      if (!streaming) {
        call.report(null);
      }
      return reply;
    } catch (CallException | InterruptedException | RuntimeException e) {
      call.abandon("the call failed");
      if (gaveUp(e)) {
        cancel(token, request);
      }
      abort(request, "the call failed: " + e.getMessage());
      call.report(e instanceof CallException failed ? failed.kind() : CallException.Kind.TIMEOUT);
      throw e;
    } finally {
      if (!streaming) {
        inbox.remove(token);
      }
    }
  }

  private CallReply call(ClientCall call) throws CallException, InterruptedException {
    call.pack();
    int sent = handshake(call);
    @Nullable Message accept = call.awaitAccept();
    if (accept != null) {
      sendRest(accept, call, sent);
    }
    return call.awaitReply();
  }

  /** Whether the callee may be at work still. */
  private boolean gaveUp(Exception e) {
    if (!wire.additions()) {
      return false;
    }
    return !(e instanceof CallException call)
        || switch (call.kind()) {
          case TIMEOUT -> true;
          case LOST -> wire.connection().state() == ConnectionState.CONNECTED;
          case NOT_FOUND, BUSY, TRAPPED, MALFORMED, FAILED -> false;
        };
  }

  /** Publishes the handshake and returns how much of the parameters it holds. */
  private int handshake(ClientCall call) throws CallException, InterruptedException {
    CallRequest request = call.request();
    byte[] parameters = request.parameters();
    String subject = inbox.subject(call.token());
    Headers headers = WrpcHeaders.handshake(request.context(), wire.additions(), call.inline());
    int room = wire.maxPayload() - subject.length() - WrpcHeaders.size(headers);
    int first = Math.min(Math.max(0, room), parameters.length);
    call.wire()
        .publish(
            WrpcSubjects.invocation(wire.connection().lattice(), request.target()),
            subject,
            headers,
            first == parameters.length ? parameters : Arrays.copyOf(parameters, first),
            request.context().deadline());
    return first;
  }

  private void sendRest(Message accept, ClientCall call, int sent)
      throws CallException, InterruptedException {
    CallRequest request = call.request();
    Deadline deadline = request.context().deadline();
    boolean credit = wire.addition(accept, WrpcHeaders.CREDIT).isPresent();
    for (Map.Entry<List<Integer>, AsyncValue> async : call.toSend(accept).entrySet()) {
      String path = WrpcSubjects.path("params", async.getKey());
      StreamSender sender =
          new StreamSender(
              call.wire(),
              accept.getReplyTo() + "." + path,
              credit ? inbox.subject(call.token()) + ".credit." + path : null,
              deadline);
      call.addSender(path, sender);
      senders.execute(() -> send(sender, async.getValue(), path, call));
    }
    String root = accept.getReplyTo() + ".params";
    call.wire().publishAll(root, request.parameters(), sent, deadline);
    call.wire().publish(root, null, null, Wire.EMPTY, deadline);
  }

  private static void send(StreamSender sender, AsyncValue value, String path, ClientCall call) {
    try {
      sender.send(value);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      call.senderDone(path);
    }
  }

  /**
   * A callee of ours stops working for nobody; others do not listen. Who gives up is often
   * interrupted, also while this goes on, and jnats drops what an interrupted thread publishes
   * without a word: then it is said again.
   */
  private void cancel(String token, CallRequest request) {
    String subject = WrpcSubjects.cancel(wire.connection().lattice(), request.target().id());
    byte[] call = inbox.subject(token).getBytes(StandardCharsets.UTF_8);
    boolean interrupted = Thread.interrupted();
    try {
      boolean dropped = true;
      for (int tried = 0; dropped && tried < CANCEL_TRIES; tried++) {
        wire.connection().nats().publish(subject, call);
        dropped = Thread.interrupted();
        interrupted |= dropped;
      }
    } catch (IllegalStateException e) {
      return; // the connection is lost, and the call with it
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What would have been sent is not read any more. */
  private static void abort(CallRequest request, String reason) {
    for (AsyncValue value : request.async().values()) {
      if (value instanceof AsyncValue.ByteStream(io.wattle.wit.io.BytePipe pipe)) {
        pipe.abort(reason);
      }
    }
  }

  /** Calls whose answer or streams are not complete. */
  public int inFlight() {
    return inbox.size();
  }

  /** Calls under way fail. */
  @Override
  public void close() {
    inbox.close();
    senders.shutdownNow();
  }
}
