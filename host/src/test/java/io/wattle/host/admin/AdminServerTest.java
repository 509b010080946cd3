package io.wattle.host.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.host.call.Admission;
import io.wattle.lattice.call.CallException;
import io.wattle.runtime.engine.MemoryBudget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AdminServerTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<Optional<String>> notReady =
      new AtomicReference<>(Optional.empty());

  @Test
  void answersWhatOperatorsAsk() throws Exception {
    Admission admission = new Admission("hello", 1, Duration.ofSeconds(1));
    MemoryBudget memory = new MemoryBudget(1 << 20).part();
    ComponentMetrics metrics = new ComponentMetrics(registry, "hello", admission, memory);
    assertThat(memory.tryTake(4096, 0)).isTrue();
    metrics.asked();
    metrics.failed(CallException.Kind.BUSY);
    metrics.ended(1_000_000);
    try (AdminServer server =
        new AdminServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), registry, notReady::get)) {
      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
      notReady.set(Optional.of("the lattice is not reached"));
      HttpResponse<String> ready = get(server, "/readyz");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("the lattice is not reached");
      assertThat(get(server, "/metrics").body())
          .contains("wattle_component_invocations_total{component=\"hello\"} 1.0")
          .contains("wattle_component_errors_total{component=\"hello\",kind=\"busy\"} 1.0")
          .contains("wattle_component_rejected_total{component=\"hello\"} 1.0")
          .contains("wattle_component_memory_bytes{component=\"hello\"} 4096.0")
          .contains("wattle_component_in_flight{component=\"hello\"} 0.0")
          .contains("wattle_component_duration_seconds_count{component=\"hello\"} 1");
      metrics.close();
      assertThat(get(server, "/metrics").body()).doesNotContain("hello");
      assertThat(get(server, "/metrics/x").statusCode()).isEqualTo(404);
      assertThat(get(server, "/").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(AdminServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
              .timeout(Duration.ofSeconds(90))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
