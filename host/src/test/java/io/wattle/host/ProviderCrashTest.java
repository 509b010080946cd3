package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider of the host's own process that crashes. */
class ProviderCrashTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FragileGreeter greeter = new FragileGreeter();

  ProviderCrashTest() {
    super(NATS);
  }

  @Test
  void oneThatCrashesIsSaidToBeDownAndStartedAgainWithGrowingPauses() throws Exception {
    Host host =
        lattice.host(
            o -> {
              List<io.wattle.providers.ProviderFactory> kinds =
                  new ArrayList<>(FirstPartyProviders.all());
              kinds.add(greeter);
              return o.providers(kinds)
                  .admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            });
    lattice.scale(host, "caller", "greeter-http", 5);
    String url = lattice.serve(host, "caller");
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), "greeter", "wattle://fragile"));
    lattice.control.putLink(Link.of("caller", "greeter", "wattle", "examples", "greeter"));
    lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 2);
    await().atMost(PATIENCE).until(() -> web.post(url + "Ada", "").statusCode() == 200);
    assertThat(web.post(url + "Ada", "").body()).startsWith("Hello, Ada, from start 1");

    greeter.mayStart = false;
    assertThat(web.post(url + "crash", "").statusCode()).isGreaterThanOrEqualTo(500);
    lattice.awaitEvent(LatticeEvent.HealthCheckFailed.class, 4);
    List<String> said =
        lattice.events(LatticeEvent.HealthCheckFailed.class).stream()
            .map(event -> String.valueOf(event.extra().get("wattle_problem")))
            .toList();
    assertThat(said.get(0)).contains("greet ended with").contains("in 200 ms");
    assertThat(said.get(1)).contains("it may not start yet").contains("in 400 ms");
    assertThat(said.get(2)).contains("it may not start yet").contains("in 800 ms");
    assertThat(said.get(3)).contains("it may not start yet").contains("in 1600 ms");
    assertThat(String.valueOf(inventory(host).extra().get("wattle_problem")))
        .contains("it crashed: it may not start yet");
    assertThat(web.post(url + "Ada", "").statusCode()).isGreaterThanOrEqualTo(500);
    await()
        .atMost(PATIENCE)
        .until(() -> metrics(host).contains("wattle_provider_healthy{provider=\"greeter\"} 0"));
    assertThat(lattice.events(LatticeEvent.HealthCheckPassed.class)).isEmpty();

    greeter.mayStart = true;
    lattice.awaitEvent(LatticeEvent.HealthCheckPassed.class, 1);
    assertThat(web.post(url + "Ada", "").body()).startsWith("Hello, Ada, from start 2");
    assertThat(inventory(host).extra()).doesNotContainKey("wattle_problem");
    String restarts = String.valueOf(inventory(host).extra().get("wattle_restarts"));
    assertThat(Integer.parseInt(restarts)).isGreaterThanOrEqualTo(4);
    assertThat(metrics(host))
        .contains("wattle_provider_restarts_total{provider=\"greeter\"} " + restarts);
    assertThat(greeter.closed).hasValue(1);

    // one that says itself that it is dead
    assertThat(web.post(url + "die", "").body()).startsWith("Hello, die, from start 2");
    lattice.awaitEvent(LatticeEvent.HealthCheckPassed.class, 2);
    assertThat(lattice.events(LatticeEvent.HealthCheckFailed.class).getLast().extra().toString())
        .contains("its only thread has ended");
    assertThat(web.post(url + "Ada", "").body()).startsWith("Hello, Ada, from start 3");
    assertThat(greeter.closed).hasValue(2);
    // it is no start, and no stop
    assertThat(lattice.events(LatticeEvent.ProviderStarted.class)).hasSize(2);
    assertThat(lattice.events(LatticeEvent.ProviderStopped.class)).isEmpty();
  }

  private ProviderDescription inventory(Host host) throws Exception {
    return lattice.control.inventory(host.id()).providers().stream()
        .filter(provider -> provider.id().equals("greeter"))
        .findFirst()
        .orElseThrow();
  }

  private String metrics(Host host) throws Exception {
    return web.get("http://127.0.0.1:" + host.adminPort().orElseThrow() + "/metrics").body();
  }
}
