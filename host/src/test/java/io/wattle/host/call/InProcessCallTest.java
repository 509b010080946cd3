package io.wattle.host.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.testing.NatsForTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Caller and callee on one host. */
class InProcessCallTest extends CallContract {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @Override
  CallPeers open() throws InterruptedException {
    return CallPeers.together(NATS);
  }

  @Test
  void itCostsNoMessage() throws Exception {
    peers().serve(offer("f", request -> CallReply.of(new byte[] {1})));
    call("f", new byte[] {1});
    assertThat(peers().report()).isEqualTo(new CallPeers.Report("f", CallPath.IN_PROCESS, 0));
  }
}
