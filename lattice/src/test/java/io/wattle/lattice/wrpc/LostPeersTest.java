package io.wattle.lattice.wrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.PipeAbortedException;
import io.wattle.wit.io.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that are lost in mid-call are noticed; those that only take long are not given up. */
class LostPeersTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final CallTarget F = new CallTarget("target", "a:b/c@1.0.0", "f");
  private static final Duration PACE = Duration.ofMillis(400);
  private static final WrpcOptions QUICK = WrpcOptions.DEFAULT.withAskEvery(PACE);
  private static final String S = "_INBOX.sss.1";

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static String subject() {
    return NATS.lattice() + ".target.wrpc.0.0.1.a:b/c@1.0.0.f";
  }

  private Future<CallReply> call(WrpcClient client) {
    CallContext context =
        new CallContext("me", "default", Deadline.in(Duration.ofSeconds(60)), Map.of());
    return threads.submit(
        () -> client.handle(new CallRequest(F, context, new byte[] {1}, Map.of())));
  }

  private static void assertLost(Future<CallReply> call, String why) {
    assertThatThrownBy(() -> call.get(90, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            CallException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(CallException.Kind.LOST);
              assertThat(e).hasMessageContaining(why);
            });
  }

  @Test
  void aHostThatIsGoneIsNoticedAlthoughAnotherServesTheSame() throws Exception {
    LatticeConnection otherSide = NATS.connect();
    CountDownLatch never = new CountDownLatch(1);
    BlockingQueue<WrpcServer> took = new LinkedBlockingQueue<>();
    LatticeConnection oneSide = NATS.connect();
    try (WrpcServer one = WrpcServer.open(oneSide, QUICK);
        WrpcServer other = WrpcServer.open(otherSide, QUICK);
        WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.NONE, QUICK)) {
      for (WrpcServer server : new WrpcServer[] {one, other}) {
        server.serve(
            F.id(),
            F.instance(),
            F.function(),
            AsyncShapes.NONE,
            request -> {
              took.add(server);
              never.await();
              return CallReply.of(new byte[0]);
            });
      }
      oneSide.flush(Duration.ofSeconds(60));
      otherSide.flush(Duration.ofSeconds(60));
      Future<CallReply> call = call(client);
      WrpcServer server = took.poll(90, TimeUnit.SECONDS);
      (server == one ? oneSide : otherSide).close();
      assertLost(call, "target a:b/c@1.0.0.f: ");
    }
  }

  @Test
  void aCallThatNobodyHasTakenUpIsGivenUp() throws Exception {
    RawPeer mute = RawPeer.at(NATS.connect(), subject());
    try (WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.NONE, QUICK)) {
      Future<CallReply> call = call(client);
      mute.next();
      assertLost(call, "nobody has taken the call up");
    }
  }

  @Test
  void aHostThatFallsSilentIsGivenUp() throws Exception {
    LatticeConnection connection = NATS.connect();
    RawPeer server = RawPeer.at(connection, subject());
    RawPeer inbox = RawPeer.at(connection, "_INBOX.sss.>");
    try (WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.NONE, QUICK)) {
      Future<CallReply> call = call(client);
      Headers ours = new Headers().put("wattle-alive", "1");
      String a = server.next().getReplyTo();
      server.publish(a, S, ours, "");
      assertThat(inbox.next("_INBOX.sss.")).isEqualTo("1.params");
      // it answers nine questions: longer than silence is allowed, and the call goes on
      for (int i = 0; i < 9; i++) {
        Message question = inbox.next();
        assertThat(question.getSubject()).isEqualTo("_INBOX.sss.alive");
        String token = new String(question.getData(), UTF_8);
        connection.nats().publish(question.getReplyTo(), "_INBOX.sss.alive", token.getBytes(UTF_8));
      }
      assertThat(call.isDone()).isFalse();
      assertLost(call, "does not answer any more");
    }
  }

  @Test
  void aPeerOfAnotherMakeThatHasAcceptedMayTakeItsTime() throws Exception {
    LatticeConnection connection = NATS.connect();
    RawPeer server = RawPeer.at(connection, subject());
    try (WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.NONE, QUICK)) {
      Future<CallReply> call = call(client);
      String a = server.next().getReplyTo();
      server.publish(a, S, "");
      assertThatThrownBy(
              () -> call.get(PACE.multipliedBy(2L * Life.SILENT).toMillis(), TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      server.publish(a + ".results", null, "07");
      server.publish(a + ".results", null, "");
      assertThat(call.get(90, TimeUnit.SECONDS).results()).containsExactly(7);
    }
  }

  @Test
  void aCalleeIsStoppedWhenItsCallerDoesNotAskAnyMore() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    LatticeConnection connection = NATS.connect();
    LatticeConnection callerSide = NATS.connect();
    try (WrpcServer server = WrpcServer.open(connection, QUICK);
        WrpcClient client = WrpcClient.open(callerSide, AsyncShapeResolver.NONE, QUICK)) {
      RawPeer questions = RawPeer.at(NATS.connect(), NATS.lattice() + ".target.wattle.alive");
      server.serve(F.id(), F.instance(), F.function(), AsyncShapes.NONE, request -> sleep(heard));
      connection.flush(Duration.ofSeconds(60));
      var _ = call(client);
      assertThat(heard.poll(90, TimeUnit.SECONDS)).isEqualTo("started");
      questions.next();
      callerSide.close();
      assertThat(heard.poll(90, TimeUnit.SECONDS)).isEqualTo("interrupted");
    }
  }

  @Test
  void aReaderThatIsGoneIsNoticedByWhatIsSentToIt() throws Exception {
    AsyncShapes answers =
        new AsyncShapes(
            List.of(), List.of(new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0))));
    // nobody asks for an hour: nothing else can end it
    WrpcOptions never = WrpcOptions.DEFAULT.withAskEvery(Duration.ofHours(1));
    BytePipe body = new BytePipe();
    LatticeConnection connection = NATS.connect();
    LatticeConnection callerSide = NATS.connect();
    try (WrpcServer server = WrpcServer.open(connection, never);
        WrpcClient client = WrpcClient.open(callerSide, target -> answers, never)) {
      server.serve(
          F.id(),
          F.instance(),
          F.function(),
          answers,
          request ->
              new CallReply(new byte[] {0}, Map.of(List.of(0), new AsyncValue.ByteStream(body))));
      connection.flush(Duration.ofSeconds(5));
      call(client).get(30, TimeUnit.SECONDS);
      callerSide.close();
      // NATS may take the first byte still for a reader that it has not seen go yet
      await().atMost(Duration.ofSeconds(90)).until(() -> isAbortedWhenWritten(body));
      assertThat(body.abortReason()).contains("its reader is gone", "503");
    }
  }

  private static boolean isAbortedWhenWritten(BytePipe body) {
    try {
      body.tryWrite(new byte[] {1}, 0, 1);
      return false;
    } catch (PipeAbortedException e) {
      return true;
    }
  }

  @Test
  void aCancelThatOvertakesItsHandshakeIsNotMissed() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    LatticeConnection connection = NATS.connect();
    try (WrpcServer server = WrpcServer.open(connection, QUICK)) {
      server.serve(F.id(), F.instance(), F.function(), AsyncShapes.NONE, request -> sleep(heard));
      connection.flush(Duration.ofSeconds(60));
      RawPeer caller = RawPeer.at(NATS.connect(), "_INBOX.aaa.1");
      connection
          .nats()
          .publish(NATS.lattice() + ".target.wattle.cancel", "_INBOX.aaa.1".getBytes(UTF_8));
      connection.flush(Duration.ofSeconds(60)); // it is there, before the call
      caller.publish(subject(), "_INBOX.aaa.1", new Headers().put("wattle-whole", "-"), "01");
      Message answer = caller.next();
      assertThat(answer.getHeaders().getFirst("wattle-error")).startsWith("TIMEOUT ");
    }
  }

  @Test
  void aCancelReachesTheCalleeThoughItsCallerIsInterruptedAtTheDeadline() throws Exception {
    RawPeer callee = RawPeer.at(NATS.connect(), subject());
    RawPeer cancels = RawPeer.at(NATS.connect(), NATS.lattice() + ".target.wattle.cancel");
    AtomicBoolean late = new AtomicBoolean();
    AtomicReference<Thread> caller = new AtomicReference<>();
    // The caller looks at this clock last before it gives up: whoever interrupts it, does it then.
    Ticker interrupting =
        () -> {
          if (!late.get() || Thread.currentThread() != caller.get()) {
            return 0;
          }
          Thread.currentThread().interrupt();
          return TimeUnit.HOURS.toNanos(1);
        };
    Deadline deadline = Deadline.in(Duration.ofMillis(20), interrupting);
    CallContext context = new CallContext("me", "default", deadline, Map.of());
    try (WrpcClient client = WrpcClient.open(NATS.connect(), AsyncShapeResolver.NONE, QUICK)) {
      Future<Boolean> interrupted =
          threads.submit(
              () -> {
                caller.set(Thread.currentThread());
                assertThatThrownBy(
                        () -> client.handle(new CallRequest(F, context, new byte[] {1}, Map.of())))
                    .isInstanceOf(CallException.class)
                    .hasMessageContaining("before the deadline passed");
                return Thread.currentThread().isInterrupted();
              });
      String call = callee.next().getReplyTo();
      late.set(true);
      assertThat(cancels.next().getData()).asString(UTF_8).isEqualTo(call);
      assertThat(interrupted.get(90, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static CallReply sleep(BlockingQueue<String> heard) throws InterruptedException {
    heard.add("started");
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      heard.add("interrupted");
      throw e;
    }
    return CallReply.of(new byte[] {1});
  }
}
