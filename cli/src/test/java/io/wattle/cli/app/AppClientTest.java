package io.wattle.cli.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.CommandException;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AppClientTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final String AWAY =
      "{\"result\":\"error\",\"message\":\"Internal storage error\"}";

  private final List<String> asked = new CopyOnWriteArrayList<>();

  /** Like a control plane whose store is away for the first two questions. */
  private AppClient client() throws InterruptedException {
    LatticeConnection controlPlane = NATS.connect();
    controlPlane
        .nats()
        .createDispatcher(
            message -> {
              asked.add(message.getSubject().replaceFirst(".*\\.model\\.", ""));
              String answer = asked.size() < 3 ? AWAY : "{\"result\":\"acknowledged\"}";
              controlPlane.publish(message.getReplyTo(), answer.getBytes(StandardCharsets.UTF_8));
            })
        .subscribe("wadm.api." + NATS.lattice() + ".>");
    controlPlane.flush(Duration.ofSeconds(60));
    return new AppClient(NATS.connect());
  }

  @Test
  void aStoreThatElectsItsLeaderIsWaitedFor() throws Exception {
    JsonNode reply = client().deploy("shop", null);
    assertThat(reply.path("result").asText()).isEqualTo("acknowledged");
    assertThat(asked).containsExactly("deploy.shop", "deploy.shop", "deploy.shop");
  }

  @Test
  void nothingIsDeletedTwice() throws Exception {
    AppClient client = client();
    assertThatThrownBy(() -> client.delete("shop", null))
        .isInstanceOf(CommandException.class)
        .hasMessage("Internal storage error");
    assertThat(asked).containsExactly("del.shop");
  }
}
