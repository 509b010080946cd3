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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What guests do at moments when few would. Each guest is the {@code .wat} that a test names. */
class OddMomentsTest {
  private static final Path GUESTS = Path.of("src", "test", "resources", "component");

  private final CoreEngine engine =
      Engines.endive(EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
  private final ComponentRuntime runtime = ComponentRuntime.on(engine);

  @AfterEach
  void close() {
    runtime.close();
    engine.close();
  }

  private ComponentInstances link(String guest) throws Exception {
    return runtime.link(
        runtime.load(Files.readAllBytes(GUESTS.resolve(guest + ".wasm"))),
        Imports.of(HostInterfaces.of(List.of())),
        LinkOptions.DEFAULT);
  }

  private static Task task() {
    return new Task("test", Deadline.in(Duration.ofSeconds(90)), Map.of());
  }

  /** That it started is not told before: the cancellation ends with its end nevertheless. */
  @Test
  void whoCancelsAndWaitsIsToldTheEnd() throws Exception {
    try (ComponentInstances instances = link("late-start");
        ComponentInstance instance = instances.begin(task())) {
      assertThat(instance.call("", "cancel")).isEqualTo(242L);
    }
  }

  /** It is in no snapshot, so each instance makes its own. */
  @Test
  void aThreadThatTheStartFunctionMadeIsThereEachTime() throws Exception {
    try (ComponentInstances instances = link("early-thread")) {
      for (int time = 0; time < 3; time++) {
        try (ComponentInstance instance = instances.begin(task())) {
          assertThat(instance.call("", "run")).isEqualTo(7L);
        }
      }
    }
  }
}
