package io.wattle.host.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.WrpcOptions;
import io.wattle.wit.io.BytePipe;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Caller and callee on two of our hosts. */
class TwoHostsCallTest extends CallContract {
  @Override
  CallPeers open(NatsForTests nats) throws InterruptedException {
    return CallPeers.apart(nats, WrpcOptions.DEFAULT);
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
    CallReply reply =
        stream(BytePipe.of(body), CompletableFuture.completedFuture(new byte[] {4, 2}));
    assertThat(bytes(reply.async()).readAll(body.length, soon())).isEqualTo(body);
    assertThat(trailers(reply.async()).get(30, TimeUnit.SECONDS)).containsExactly(4, 2);
    assertThat(peers().report()).isEqualTo(new CallPeers.Report("stream", CallPath.ONE_MESSAGE, 2));
    stream(BytePipe.empty(), CompletableFuture.completedFuture(new byte[] {0}));
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
    assertThat(trailers(reply.async()).get(30, TimeUnit.SECONDS)).containsExactly(4, 2);
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
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    peers().loseCallee();
    // the call's deadline is a minute away; nothing but the questions can end it before
    assertThatThrownBy(() -> call.get(40, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.kind()).isEqualTo(CallException.Kind.LOST));
  }
}
