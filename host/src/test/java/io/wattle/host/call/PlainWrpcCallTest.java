package io.wattle.host.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.WrpcOptions;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Caller and callee speak wRPC as it is, without what we add. */
class PlainWrpcCallTest extends CallContract {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @Override
  CallPeers open() throws InterruptedException {
    return CallPeers.apart(NATS, WrpcOptions.PLAIN);
  }

  @Override
  boolean reasonsTravel() {
    return false;
  }

  @Override
  boolean deadlinesAndCancelsTravel() {
    return false;
  }

  @Test
  void itCostsFiveMessages() throws Exception {
    peers().serve(offer("f", request -> CallReply.of(new byte[] {1})));
    call("f", new byte[] {1});
    // handshake, accept, end of the parameters, results, end of the results
    assertThat(peers().report()).isEqualTo(new CallPeers.Report("f", CallPath.WRPC, 5));
  }

  @Test
  void aCalleeThatIsLostIsNoticedAtTheDeadline() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    peers()
        .serve(
            streamOffer(
                request -> {
                  started.countDown();
                  new CountDownLatch(1).await();
                  return CallReply.of(new byte[] {1});
                }));
    BytePipe body = new BytePipe();
    Future<CallReply> call =
        threads().submit(() -> stream(body, Deadline.in(Duration.ofSeconds(2))));
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    peers().loseCallee();
    assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.kind()).isEqualTo(CallException.Kind.TIMEOUT));
    assertThat(body.abortReason()).contains("deadline passed");
  }
}
