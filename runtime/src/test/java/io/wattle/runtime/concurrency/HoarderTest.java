package io.wattle.runtime.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.wit.io.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What guests make the host keep beside their memories is counted with these, or not kept. The
 * guest is {@code hoarder.wat}.
 */
class HoarderTest {
  private static final Path GUEST =
      Path.of("src", "test", "resources", "component", "hoarder.wasm");

  /** Its memories, and little more. */
  private static final StoreLimits TIGHT = new StoreLimits(36L << 20, 100, 10);

  private final CoreEngine engine =
      Engines.endive(EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
  private final ComponentRuntime runtime = ComponentRuntime.on(engine);

  @AfterEach
  void close() {
    runtime.close();
    assertThat(engine.memory().used()).isZero();
    engine.close();
  }

  private ComponentInstances link(StoreLimits limits) throws Exception {
    return runtime.link(
        runtime.load(Files.readAllBytes(GUEST)),
        Imports.of(HostInterfaces.of(List.of())),
        new LinkOptions(limits, 1, LinkOptions.DEFAULT.maxValueBytes()));
  }

  private static Task task() {
    return new Task("test", Deadline.in(Duration.ofSeconds(90)), Map.of());
  }

  @ParameterizedTest
  @CsvSource({"sets, 30_000, 22_000_000", "lend, 100_000, 1_500_000"})
  void whatIsKeptIsCounted(String function, String count, String least) throws Exception {
    try (ComponentInstances instances = link(StoreLimits.DEFAULT)) {
      long before;
      // The second time in an instance that was reset.
      for (int time = 0; time < 2; time++) {
        try (ComponentInstance instance = instances.begin(task())) {
          before = engine.memory().used();
          var _ = instance.call("", function, Long.valueOf(count.replace("_", "")));
          assertThat(engine.memory().used() - before)
              .isGreaterThan(Long.parseLong(least.replace("_", "")));
        }
      }
      try (ComponentInstance instance = instances.begin(task())) {
        var _ = instance.call("", "sets", 1L);
        assertThat(engine.memory().used()).isLessThan(1 << 20);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"sets, 30000", "lend, 1000000"})
  void whoMakesTheHostKeepTooMuchIsTold(String function, long count) throws Exception {
    try (ComponentInstances instances = link(TIGHT);
        ComponentInstance instance = instances.begin(task())) {
      assertThatThrownBy(() -> instance.call("", function, count))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT))
          .hasMessageContaining("the store's limit");
    }
  }

  /** 16 MiB, more times than fit into the memory of the tests. */
  @ParameterizedTest
  @ValueSource(strings = {"results", "errors"})
  void whatIsOverIsNotKept(String function) throws Exception {
    try (ComponentInstances instances = link(StoreLimits.DEFAULT);
        ComponentInstance instance = instances.begin(task())) {
      var _ = instance.call("", function, 70L);
    }
  }
}
