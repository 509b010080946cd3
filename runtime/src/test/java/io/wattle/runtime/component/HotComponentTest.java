package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.host.HostInterface;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A component that is called much changes to flat memories, and answers as before. */
class HotComponentTest {
  private static final String TYPES = "wattle:test/types@0.1.0";
  private static final int KEPT = 2;
  private static final int AT_ONCE = 40;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private static HostInterface host() {
    return EchoTest.echoing();
  }

  private static void call(ComponentInstance instance, int round) {
    String text = ("a text of round " + round + ' ').repeat(round * 50 + 1);
    assertThat(instance.call(TYPES, "echo-string", text)).isEqualTo(text);
  }

  private double flat() {
    return meters.get("wattle.engine.memory.flat").gauge().value();
  }

  @Test
  void callsBeforeAndAfterAreTheSame() throws Exception {
    try (CoreEngine engine =
            Engines.endive(
                EngineOptions.defaults()
                    .withMemoryBudget(256 << 20)
                    .withMeters(meters)
                    .withCompiler(Runnable::run)
                    .withHotAfter(5));
        ComponentRuntime runtime = ComponentRuntime.on(engine);
        ComponentInstances instances =
            runtime.link(
                runtime.load(Fixture.guest("echo-types")),
                Fixture.imports(host()),
                new LinkOptions(StoreLimits.DEFAULT, KEPT, 1 << 20))) {
      for (int round = 0; round < 20; round++) {
        try (ComponentInstance instance = instances.begin(Fixture.task())) {
          call(instance, round);
          call(instance, round);
        }
      }
      assertThat(flat()).isPositive();
      double one = flat();

      // Many at once: those that are kept are flat, all others have pages.
      List<ComponentInstance> running = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        ComponentInstance instance = instances.begin(Fixture.task());
        running.add(instance);
        call(instance, i % 7);
      }
      assertThat(flat()).isBetween(one, KEPT * one * 1.5);
      running.forEach(ComponentInstance::close);
      for (int round = 0; round < 5; round++) {
        try (ComponentInstance instance = instances.begin(Fixture.task())) {
          call(instance, round);
        }
      }
      assertThat(flat()).isPositive();
    }
    assertThat(flat()).isZero();
  }
}
