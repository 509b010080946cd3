package io.wattle.host.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.WrpcOptions;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Caller and callee on two of our hosts. */
class TwoHostsCallTest extends CallContract {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @Override
  CallPeers open() throws InterruptedException {
    return CallPeers.apart(NATS, WrpcOptions.DEFAULT);
  }

  @Test
  void itCostsOneMessageEachWay() throws Exception {
    peers().serve(offer("f", request -> CallReply.of(new byte[] {1})));
    call("f", new byte[] {1});
    assertThat(peers().report()).isEqualTo(new CallPeers.Report("f", CallPath.ONE_MESSAGE, 2));
    call("f", new byte[2 * 1024 * 1024]);
    CallPeers.Report large = peers().report();
    assertThat(large.path()).isEqualTo(CallPath.WRPC);
    assertThat(large.messages()).isGreaterThan(5);
  }

  @Test
  void smallStreamsTravelInTheSameMessages() throws Exception {
    peers().serve(streamOffer(CallContract::echo));
    byte[] body = new byte[10_000];
    new Random(7).nextBytes(body);
    await() // an answer that is not complete within milliseconds, on a busy machine, is streamed
        .untilAsserted(
            () -> {
              CallReply reply =
                  stream(BytePipe.of(body), CompletableFuture.completedFuture(new byte[] {4, 2}));
              assertThat(bytes(reply.async()).readAll(body.length, soon())).isEqualTo(body);
              assertThat(trailers(reply.async()).get(90, TimeUnit.SECONDS)).containsExactly(4, 2);
              assertInOneMessage();
            });
    await()
        .untilAsserted(
            () -> {
              stream(BytePipe.empty(), CompletableFuture.completedFuture(new byte[] {0}));
              assertInOneMessage();
            });
  }

  private void assertInOneMessage() throws InterruptedException {
    assertThat(peers().report()).isEqualTo(new CallPeers.Report("stream", CallPath.ONE_MESSAGE, 2));
  }

  @Test
  void aSmallRequestWithALargeAnswerIsNotSentTwice() throws Exception {
    BytePipe large = BytePipe.of(new byte[300_000]);
    peers()
        .serve(
            streamOffer(
                request ->
                    new CallReply(
                        new byte[] {0},
                        Map.of(
                            List.of(0, 0), new AsyncValue.ByteStream(large),
                            List.of(0, 1), new AsyncValue.Future(trailers(request.async()))))));
    CallReply reply =
        stream(BytePipe.of(new byte[9]), CompletableFuture.completedFuture(new byte[] {4, 2}));
    assertThat(bytes(reply.async()).readAll(300_000, soon())).hasSize(300_000);
    assertThat(trailers(reply.async()).get(90, TimeUnit.SECONDS)).containsExactly(4, 2);
    assertThat(peers().report().path()).isEqualTo(CallPath.WRPC);
  }

  @Test
  void aCalleeThatIsLostInMidCallIsNoticed() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    peers()
        .serve(
            offer(
                "f",
                request -> {
                  started.countDown();
                  never.await();
                  return CallReply.of(new byte[] {1});
                }));
    Future<CallReply> call = threads().submit(() -> call("f", new byte[] {1}));
    assertThat(started.await(90, TimeUnit.SECONDS)).isTrue();
    peers().loseCallee();
    // the call's deadline is a minute away; nothing but the questions can end it before
    assertLost(call);
  }

  private static void assertLost(Future<?> call) {
    assertThatThrownBy(() -> call.get(90, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.kind()).isEqualTo(CallException.Kind.LOST));
  }

  /** What the callee of the next two tests does with a body, as its first byte says. */
  private enum Does {
    READ_ON('r'),
    ANSWER_WITHOUT_END('e'),
    ANSWER_SLOWLY('s');

    private final byte sign;

    Does(char sign) {
      this.sign = (byte) sign;
    }

    static Does of(byte sign) {
      return Arrays.stream(values()).filter(does -> does.sign == sign).findFirst().orElseThrow();
    }
  }

  private BytePipe body(Does does) throws Exception {
    BytePipe body = new BytePipe();
    body.write(new byte[] {does.sign}, 0, 1, soon());
    return body;
  }

  private CallReply stream(Does does) throws Exception {
    BytePipe body = body(does);
    body.close();
    return stream(body, CompletableFuture.completedFuture(new byte[] {0}));
  }

  /** Writes until the stream is cut, and tells why it was. */
  private static String writeWithoutEnd(BytePipe body) throws Exception {
    byte[] chunk = new byte[10_000];
    try {
      while (true) {
        body.write(chunk, 0, chunk.length, soon());
      }
    } catch (PipeAbortedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static CallReply answer(BytePipe body, CompletableFuture<byte[]> trailers) {
    return new CallReply(
        new byte[] {0},
        Map.of(
            List.of(0, 0), new AsyncValue.ByteStream(body),
            List.of(0, 1), new AsyncValue.Future(trailers)));
  }

  @Test
  void aCalleeThatIsLostWhileStreamsFlowIsNoticed() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    peers()
        .serve(
            streamOffer(
                request -> {
                  BytePipe asked = bytes(request.async());
                  byte[] first = new byte[1];
                  return switch (readOne(asked, first)) {
                    case READ_ON -> {
                      reading.countDown();
                      drain(asked);
                      yield CallReply.of(new byte[] {0});
                    }
                    case ANSWER_WITHOUT_END, ANSWER_SLOWLY -> {
                      BytePipe body = new BytePipe();
                      put(first, body);
                      yield answer(body, new CompletableFuture<>());
                    }
                  };
                }));
    CallReply answered = stream(Does.ANSWER_SLOWLY);
    BytePipe answer = bytes(answered.async());
    assertThat(answer.read(new byte[1], 0, 1, soon())).isEqualTo(1);
    BytePipe sent = body(Does.READ_ON);
    Future<CallReply> asking =
        threads().submit(() -> stream(sent, CompletableFuture.completedFuture(new byte[] {0})));
    Future<String> writing = threads().submit(() -> writeWithoutEnd(sent));
    assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
    peers().loseCallee();
    // deadlines are a minute away, and nobody reads or writes but as said here
    assertLost(asking);
    assertThat(writing.get(40, TimeUnit.SECONDS)).containsAnyOf("its host", "its reader is gone");
    assertThatThrownBy(() -> answer.read(new byte[1], 0, 1, soon()))
        .isInstanceOf(PipeAbortedException.class)
        .hasMessageContaining("its host");
    assertThatThrownBy(() -> trailers(answered.async()).get(40, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(CallException.class)
        .hasMessageContaining("its host");
  }

  @Test
  void aCallerThatIsLostWhileStreamsFlowIsNoticed() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    CountDownLatch reading = new CountDownLatch(1);
    BytePipe slow = new BytePipe();
    CompletableFuture<byte[]> trailers = new CompletableFuture<>();
    peers()
        .serve(
            streamOffer(
                request -> {
                  BytePipe asked = bytes(request.async());
                  byte[] first = new byte[1];
                  return switch (readOne(asked, first)) {
                    case READ_ON -> {
                      reading.countDown();
                      heard.add(drain(asked) ? "read all" : "reading was stopped");
                      yield CallReply.of(new byte[] {0});
                    }
                    case ANSWER_WITHOUT_END -> {
                      BytePipe body = new BytePipe();
                      var _ =
                          threads()
                              .submit(
                                  () -> {
                                    writeWithoutEnd(body);
                                    return heard.add("writing was stopped");
                                  });
                      yield answer(body, CompletableFuture.completedFuture(new byte[] {0}));
                    }
                    case ANSWER_SLOWLY -> {
                      put(first, slow);
                      yield answer(slow, trailers);
                    }
                  };
                }));
    for (Does does : List.of(Does.ANSWER_WITHOUT_END, Does.ANSWER_SLOWLY)) {
      assertThat(bytes(stream(does).async()).read(new byte[1], 0, 1, soon())).isEqualTo(1);
    }
    var _ =
        threads()
            .submit(
                () -> stream(body(Does.READ_ON), CompletableFuture.completedFuture(new byte[1])));
    assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
    peers().loseCaller();
    String lost = "the caller is lost: it does not ask for this call any more";
    assertThat(List.of(heardOf(heard), heardOf(heard)))
        .containsExactlyInAnyOrder("reading was stopped", "writing was stopped");
    // its writer waits for nothing, and is told nevertheless
    await().atMost(Duration.ofSeconds(40)).until(() -> lost.equals(slow.abortReason()));
    assertLost(trailers); // because of the caller, or of the body before them
  }

  private static String heardOf(BlockingQueue<String> heard) throws InterruptedException {
    return String.valueOf(heard.poll(40, TimeUnit.SECONDS));
  }

  private static Does readOne(BytePipe body, byte[] into) throws InterruptedException {
    try {
      body.read(into, 0, 1, soon());
      return Does.of(into[0]);
    } catch (PipeAbortedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void put(byte[] first, BytePipe body) {
    try {
      body.tryWrite(first, 0, 1);
    } catch (PipeAbortedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the stream came to its end; else it was cut, or the reader was interrupted. */
  private static boolean drain(BytePipe body) {
    byte[] chunk = new byte[10_000];
    try {
      int read = 0;
      while (read >= 0) {
        read = body.read(chunk, 0, chunk.length, soon());
      }
      return true;
    } catch (PipeAbortedException | InterruptedException e) {
      return false;
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
