package io.wattle.runtime.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.wit.io.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guest is {@code waiting.wat}. */
class ManyWaitingTest {
  private static final Path GUEST =
      Path.of("src", "test", "resources", "component", "waiting.wasm");

  /**
   * Each turn asks all tasks whether they can go on. Were each to look at all futures, a turn would
   * take a third of a second, and all of them a quarter of an hour that nobody can stop.
   */
  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void whoWaitsForManyKeepsNobodyUp() throws Exception {
    CoreEngine engine =
        Engines.endive(EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
    try (engine;
        ComponentRuntime runtime = ComponentRuntime.on(engine);
        ComponentInstances instances =
            runtime.link(
                runtime.load(Files.readAllBytes(GUEST)),
                Imports.of(HostInterfaces.of(List.of())),
                LinkOptions.DEFAULT);
        ComponentInstance instance =
            instances.begin(new Task("test", Deadline.in(Duration.ofMinutes(5)), Map.of()))) {
      var _ = instance.call("", "prepare", 32_000L);
      var _ = instance.call("", "wait", 5_000L);
      var _ = instance.call("", "yield", 2_000L);
      instance.settle();
      assertThat(instance.call("", "turns")).isEqualTo(0L);
    }
  }
}
