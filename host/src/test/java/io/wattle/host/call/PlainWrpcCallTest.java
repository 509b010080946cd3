package io.wattle.host.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.WrpcOptions;
import org.junit.jupiter.api.Test;

/** Caller and callee speak wRPC as it is, without what we add. */
class PlainWrpcCallTest extends CallContract {
  @Override
  CallPeers open(NatsForTests nats) throws InterruptedException {
    return CallPeers.apart(nats, WrpcOptions.PLAIN);
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
}
