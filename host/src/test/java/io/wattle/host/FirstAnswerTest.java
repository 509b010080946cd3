package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.NullNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.UpdateComponent;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.testing.NatsForTests;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A component answers before it is compiled; one that serves already is replaced by compiled code.
 */
class FirstAnswerTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** What is to be compiled waits here until the test does it. */
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

  FirstAnswerTest() {
    super(NATS);
  }

  private void compileAll() {
    for (Runnable task = held.poll(); task != null; task = held.poll()) {
      task.run();
    }
  }

  private String code(Host host) throws Exception {
    return lattice.control.inventory(host.id()).components().stream()
        .map(
            component ->
                component
                    .extra()
                    .getOrDefault(ComponentDescription.CODE, NullNode.instance)
                    .asText())
        .findFirst()
        .orElse("nothing runs");
  }

  private long compiled() {
    return metrics.get("wattle.engine.compile").timer().count();
  }

  private String ask(String url) throws Exception {
    HttpResponse<String> response = web.get(url);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  @Test
  void itAnswersBeforeItIsCompiledAndIsReplacedByWhatIs() throws Exception {
    Host host = lattice.host(o -> o.compiler(held::add).metrics(metrics));
    lattice.scale(host, "web", "http-hello-world", 4);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "web");
    String answer = ask(url);
    assertThat(code(host)).isEqualTo("compiling");
    assertThat(compiled()).isZero();

    compileAll();
    assertThat(code(host)).isEqualTo("compiled");
    assertThat(compiled()).isPositive();
    assertThat(ask(url)).isEqualTo(answer);

    lattice.control.update(
        host.id(),
        new UpdateComponent("web", TestLattice.image("http-std"), host.id(), null, Map.of()));
    await().atMost(Duration.ofSeconds(90)).until(() -> !held.isEmpty());
    // the new code could run interpreted, but the old one serves
    assertThat(ask(url)).isEqualTo(answer);
    assertThat(code(host)).isEqualTo("compiled");
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              compileAll();
              return lattice.events(LatticeEvent.ComponentScaled.class).size() == 2;
            });
    assertThat(code(host)).isEqualTo("compiled");
    assertThat(ask(url)).isNotEqualTo(answer);
  }

  @Test
  void whatWasStoppedBeforeIsNotCompiled() throws Exception {
    Host host = lattice.host(o -> o.compiler(held::add).metrics(metrics));
    lattice.scale(host, "web", "http-hello-world", 1);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    assertThat(held).isNotEmpty();
    lattice.scale(host, "web", "http-hello-world", 0);
    await().atMost(Duration.ofSeconds(90)).until(() -> modules("compiling") == 0);
    compileAll();
    assertThat(compiled()).isZero();
  }

  private double modules(String state) {
    return metrics.get("wattle.engine.modules").tag("code", state).gauge().value();
  }
}
