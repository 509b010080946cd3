package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.control.StopProvider;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.testing.NatsForTests;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider is replaced by another version of itself, or moves, while it is in use. */
class ProviderUpgradeTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final String STORE = "ghcr.io/wasmcloud/keyvalue-nats:";
  private static final String SERVER = "ghcr.io/wasmcloud/http-server:";
  private static final int CALLERS = 4;

  ProviderUpgradeTest() {
    super(NATS);
  }

  @Test
  void noCallFailsAndNoWriteIsLostWhileProvidersAreUpgradedAndMove() throws Exception {
    Host first = lattice.host();
    Host second = lattice.host();
    lattice.scale(first, "counter", "http-counter", 20);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(first, "counter") + "n";
    lattice.keyValue(first, "counter");
    lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 2);
    try (Load load = new Load(web, url, CALLERS)) {
      load.awaitMore();
      for (int version = 4; version < 7; version++) {
        replace(first, "kv", STORE + "0." + version + ".0");
        load.awaitMore();
        replace(first, "http-counter", SERVER + "0." + version + "0.0");
        load.awaitMore();
      }
      // the store moves to the other host, and back
      move("kv", first, second);
      load.awaitMore();
      move("kv", second, first);
      load.awaitMore();

      List<String> answers = load.end();
      assertThat(load.failures()).isEmpty();
      assertThat(answers.stream().map(a -> Long.parseLong(a.substring(3))).sorted())
          .isEqualTo(LongStream.rangeClosed(1, answers.size()).boxed().toList());
    }
    assertThat(lattice.endpoints(first, "http-counter")).containsExactly(url.replace("/n", "/"));
    assertThat(lattice.events(LatticeEvent.ProviderStartFailed.class)).isEmpty();
    assertThat(lattice.events(LatticeEvent.ProviderStopped.class)).hasSize(2);
  }

  @Test
  void whatCannotTakeOverLeavesTheFormerOneInItsPlace() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "hello", "http-hello-world", 20);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "hello");
    lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 1);
    lattice.control.putConfig("by-path", Map.of("routing_mode", "path"));
    try (Load load = new Load(web, url, CALLERS)) {
      load.awaitMore();
      lattice.control.startProvider(
          host.id(),
          StartProvider.of(host.id(), "http-hello", "ghcr.io/somebody/http:1").replacing());
      assertThat(lattice.awaitEvent(LatticeEvent.ProviderStartFailed.class, 1).error())
          .contains("ghcr.io/somebody/http:1");
      load.awaitMore();
      lattice.control.startProvider(
          host.id(),
          new StartProvider(
                  "http-hello", SERVER + "0.28.0", host.id(), List.of("by-path"), null, Map.of())
              .replacing());
      assertThat(lattice.awaitEvent(LatticeEvent.ProviderStartFailed.class, 2).error())
          .contains("no path in its source config")
          .contains(SERVER + "0.27.0 goes on");
      load.awaitMore();
      load.end();
      assertThat(load.failures()).isEmpty();
    }
    assertThat(image(host, "http-hello")).isEqualTo(SERVER + "0.27.0");
  }

  private void replace(Host host, String id, String image) throws Exception {
    lattice.control.startProvider(host.id(), StartProvider.of(host.id(), id, image).replacing());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                lattice
                    .events(LatticeEvent.ProviderStarted.class)
                    .getLast()
                    .imageRef()
                    .equals(image));
    assertThat(image(host, id)).isEqualTo(image);
  }

  private String image(Host host, String id) throws Exception {
    return lattice.control.inventory(host.id()).providers().stream()
        .filter(provider -> provider.id().equals(id))
        .map(ProviderDescription::imageRef)
        .findFirst()
        .orElseThrow();
  }

  private void move(String id, Host from, Host to) throws Exception {
    int started = lattice.events(LatticeEvent.ProviderStarted.class).size();
    int stopped = lattice.events(LatticeEvent.ProviderStopped.class).size();
    lattice.control.startProvider(to.id(), StartProvider.of(to.id(), id, STORE + "0.7.0"));
    lattice.awaitEvent(LatticeEvent.ProviderStarted.class, started + 1);
    lattice.control.stopProvider(from.id(), new StopProvider(id, from.id()));
    lattice.awaitEvent(LatticeEvent.ProviderStopped.class, stopped + 1);
  }
}
