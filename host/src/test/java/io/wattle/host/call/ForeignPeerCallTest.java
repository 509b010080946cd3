package io.wattle.host.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.AsyncShapes;
import io.wattle.lattice.wrpc.WrpcOptions;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What we add to the wire is ignored by who does not know it, on either side. */
class ForeignPeerCallTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @Test
  void ourCallerAndAnotherCallee() throws Exception {
    try (CallPeers peers = CallPeers.apart(NATS, WrpcOptions.DEFAULT, WrpcOptions.PLAIN)) {
      assertCallsWork(peers);
    }
  }

  @Test
  void anotherCallerAndOurCallee() throws Exception {
    try (CallPeers peers = CallPeers.apart(NATS, WrpcOptions.PLAIN, WrpcOptions.DEFAULT)) {
      assertCallsWork(peers);
    }
  }

  private static void assertCallsWork(CallPeers peers) throws Exception {
    peers.serve(
        new Offer("a:b/c", "f", AsyncShapes.NONE, request -> CallReply.of(request.parameters())),
        new Offer("a:b/c", "stream", CallPeers.STREAMS, CallContract::echo));
    assertThat(call(peers, "f", Map.of()).results()).containsExactly(0, 0);
    assertThat(peers.report()).isEqualTo(new CallPeers.Report("f", CallPath.WRPC, 5));
    byte[] body = new byte[5000];
    new Random(3).nextBytes(body);
    CallReply reply =
        call(
            peers,
            "stream",
            Map.of(
                List.of(0, 0), new AsyncValue.ByteStream(BytePipe.of(body)),
                List.of(0, 1),
                    new AsyncValue.Future(CompletableFuture.completedFuture(new byte[] {4, 2}))));
    assertThat(CallContract.bytes(reply.async()).readAll(5000, soon())).isEqualTo(body);
    assertThat(CallContract.trailers(reply.async()).get(90, TimeUnit.SECONDS))
        .containsExactly(4, 2);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  private static CallReply call(
      CallPeers peers, String function, Map<List<Integer>, AsyncValue> async) throws Exception {
    return peers
        .caller()
        .handle(
            new CallRequest(
                new CallTarget("callee", "a:b/c", function),
                new CallContext("me", "default", soon(), Map.of()),
                new byte[] {0, 0},
                async));
  }
}
