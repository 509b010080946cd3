package io.wattle.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.testing.NatsForTests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LatticeConnectionTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @Test
  void saysWhatToDoWhenNobodyListens() {
    LatticeOptions nowhere =
        LatticeOptions.of("nats://127.0.0.1:1", "default")
            .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1));
    assertThatThrownBy(() -> LatticeConnection.connect(nowhere))
        .isInstanceOf(LatticeException.class)
        .hasMessageContaining("NATS not reached at nats://127.0.0.1:1: start one")
        .extracting(e -> ((LatticeException) e).kind())
        .isEqualTo(LatticeException.Kind.UNREACHABLE);
  }

  @Test
  void saysThatCredentialsAreRefused() {
    LatticeOptions stranger =
        NATS.options()
            .with(new Credentials.UserPassword("eve", "guess"))
            .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5));
    assertThatThrownBy(() -> LatticeConnection.connect(stranger))
        .isInstanceOf(LatticeException.class)
        .hasMessageContaining("refused user eve")
        .hasMessageNotContaining("guess")
        .extracting(e -> ((LatticeException) e).kind())
        .isEqualTo(LatticeException.Kind.NOT_ALLOWED);
  }

  @Test
  void refusesNamesThatAreNoToken() {
    for (String name : List.of("", "a.b", "a b", "*", "a>", "ä")) {
      assertThatThrownBy(() -> LatticeOptions.of("nats://x", name))
          .hasMessageContaining("lattice: \"" + name + "\" (expected:");
    }
  }

  @Test
  void noRespondersAndSilenceAreNotTheSame() throws InterruptedException {
    LatticeConnection connection = NATS.connect();
    assertThatThrownBy(() -> connection.request("nobody", new byte[0], Duration.ofSeconds(90)))
        .extracting(e -> ((LatticeException) e).kind())
        .isEqualTo(LatticeException.Kind.NO_RESPONDERS);
    connection.nats().subscribe("silence");
    assertThatThrownBy(() -> connection.request("silence", new byte[0], Duration.ofMillis(100)))
        .hasMessage("no answer on silence within 100 ms")
        .extracting(e -> ((LatticeException) e).kind())
        .isEqualTo(LatticeException.Kind.TIMEOUT);
  }

  @Test
  void hearsOfLossAndReturnAndWorksAgain() throws Exception {
    LatticeConnection connection = NATS.connect();
    connection.requireJetStream();
    List<ConnectionState> states = new CopyOnWriteArrayList<>();
    connection.onState(states::add);
    NATS.killServer();
    await().until(() -> states.contains(ConnectionState.LOST));
    NATS.restartServer();
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> connection.state() == ConnectionState.CONNECTED);
    assertThat(states)
        .startsWith(ConnectionState.CONNECTED, ConnectionState.LOST)
        .endsWith(ConnectionState.CONNECTED);
    LatticeConnection other = NATS.connect();
    other
        .nats()
        .createDispatcher(m -> other.nats().publish(m.getReplyTo(), m.getData()))
        .subscribe("echo");
    other.flush(Duration.ofSeconds(60));
    byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
    assertThat(connection.request("echo", hello, Duration.ofSeconds(90))).isEqualTo(hello);
  }
}
