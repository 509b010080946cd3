package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Every query of the dashboard is about what a real host and control plane serve after a little
 * traffic: by the names, always, and by a real Prometheus where one can be had.
 */
@EnabledOnOs(OS.LINUX)
final class DashboardTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  /** Labels that Prometheus itself adds, or a histogram has. */
  private static final Set<String> GIVEN = Set.of("instance", "job", "le");

  private static final Pattern SAMPLE =
      Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"");

  private static Wattle wattle;
  private static Up up;
  private static String url;

  @BeforeAll
  static void start() throws Exception {
    wattle = Wattle.withHeap("512m");
    int port = Ports.free();
    up = wattle.up(Manifests.write(wattle.folder(), "counter.yaml", Map.of("port", port)));
    url = "http://127.0.0.1:" + port + "/a";
    Web.get(url).is(200);
  }

  @AfterAll
  static void stop() throws IOException {
    wattle.close();
  }

  @Test
  void everyMetricIsServed() throws Exception {
    Dashboard dashboard = Dashboard.read(Repository.folder());
    assertThat(dashboard.queries()).hasSizeGreaterThan(15);
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              Map<String, Set<String>> served = served(Web.get(up.metrics()).is(200).body());
              for (Dashboard.Query query : dashboard.queries()) {
                assertThat(query.metrics()).as(query.toString()).isNotEmpty();
                assertThat(served.keySet()).as(query.toString()).containsAll(query.metrics());
                Set<String> labels = new TreeSet<>(GIVEN);
                query
                    .metrics()
                    .forEach(metric -> labels.addAll(served.getOrDefault(metric, Set.of())));
                assertThat(labels).as(query.toString()).containsAll(query.labels());
              }
            });
    Proved.that(
        "%d queries of the dashboard are about metrics that are served",
        dashboard.queries().size());
  }

  @Test
  void prometheusHasAnAnswerForEveryPanel() throws Exception {
    Dashboard dashboard = Dashboard.read(Repository.folder());
    try (PrometheusServer prometheus = PrometheusServer.start(wattle.folder(), up.adminPort())) {
      for (Dashboard.Query query : dashboard.queries()) {
        await()
            .atMost(LONG)
            .untilAsserted(
                () -> {
                  Web.get(url).is(200);
                  assertThat(prometheus.query(query.expression()))
                      .as(query.toString())
                      .isNotEmpty();
                });
      }
    }
    Proved.that("a real Prometheus answers all %d queries", dashboard.queries().size());
  }

  /** The labels of each metric. */
  private static Map<String, Set<String>> served(String text) {
    Map<String, Set<String>> served = new TreeMap<>();
    for (String line : text.split("\n")) {
      Matcher sample = SAMPLE.matcher(line);
      if (!line.startsWith("#") && sample.find()) {
        Set<String> labels = served.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
          labels.add(label.group(1));
        }
      }
    }
    return served;
  }
}
