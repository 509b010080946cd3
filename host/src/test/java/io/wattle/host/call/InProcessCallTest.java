package io.wattle.host.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.testing.NatsForTests;
import org.junit.jupiter.api.Test;

/** Caller and callee on one host. */
class InProcessCallTest extends CallContract {
  @Override
  CallPeers open(NatsForTests nats) throws InterruptedException {
    return CallPeers.together(nats);
  }

  @Test
  void itCostsNoMessage() throws Exception {
    peers().serve(offer("f", request -> CallReply.of(new byte[] {1})));
    call("f", new byte[] {1});
    assertThat(peers().report()).isEqualTo(new CallPeers.Report("f", CallPath.IN_PROCESS, 0));
  }
}
