package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** State outlives {@code down} and {@code up}, until it is told to go. */
@EnabledOnOs(OS.LINUX)
final class CountsOnTest {
  @Test
  void countsOnAfterDownAndUpUntilPurged() throws Exception {
    try (Wattle wattle = Wattle.withHeap("512m")) {
      int port = Ports.free();
      String manifest = Manifests.write(wattle.folder(), "counter.yaml", Map.of("port", port));
      String url = "http://127.0.0.1:" + port + "/a";

      Up first = wattle.up(manifest);
      assertThat(first.json().path("urls").findValuesAsText("")).isNotNull();
      for (int count = 1; count <= 3; count++) {
        assertThat(Web.get(url).is(200).body()).isEqualTo("a: " + count + "\n");
      }
      secondUpIsRefused(wattle, first);
      assertThat(Web.get(url).is(200).body()).isEqualTo("a: 4\n");

      wattle.run("down").exits(0);
      wattle.processes().assertGone();
      wattle.up();
      assertThat(Web.get(url).is(200).body()).as("after down and up").isEqualTo("a: 5\n");

      wattle.run("down", "--purge").exits(0);
      wattle.processes().assertGone();
      Up purged = wattle.up();
      assertThat(purged.json().path("applications")).as("applications").isEmpty();
      wattle.run("app", "deploy", manifest).exits(0);
      assertThat(Web.get(url).is(200).body()).as("after down --purge").isEqualTo("a: 1\n");
      Proved.that("counts 1, 2, 3; on after down and up; from 1 again after down --purge");
    }
  }

  private static void secondUpIsRefused(Wattle wattle, Up first) throws Exception {
    Outcome second = wattle.run("up", "-o", "json", "--nats-port", "0").exits(1);
    assertThat(second.failure())
        .contains("already running")
        .contains("pid " + first.supervisor().pid());
    Proved.that("a second up: %s", second.failure());
  }
}
