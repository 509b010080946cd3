package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.runtime.host.HostInterface;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guest is {@code deep.wat}. */
class StackRoomTest {
  private static final long STACK = 1L << 20;
  private static final int RUNS = 10;
  private static final int FRAMES_OF_THE_HOST = 100;

  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();

  private int touch(int frames) {
    if (frames > 0) {
      return touch(frames - 1) + 1;
    }
    lock.lock();
    try {
      return ended.incrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  /** What the host has begun for a guest it ends, however little stack the guest has left. */
  @ParameterizedTest
  @EnumSource(
      value = Execution.class,
      names = {"COMPILED", "INTERPRETED"})
  void theHostIsNotTornApart(Execution how) throws Exception {
    HostInterface host =
        HostInterface.named("wattle:test/deep@0.1.0")
            .function(
                "touch",
                (call, arguments) -> {
                  begun.incrementAndGet();
                  int _ = touch(FRAMES_OF_THE_HOST);
                  return null;
                })
            .build();
    try (CoreEngine engine = Engines.endive(EngineOptions.defaults().withExecution(how));
        ComponentRuntime runtime = ComponentRuntime.on(engine);
        ComponentInstances instances =
            runtime.link(
                runtime.load(Fixture.fixture("deep")), Fixture.imports(host), LinkOptions.DEFAULT);
        GuestThreads threads = new GuestThreads(STACK)) {
      GuestComponent guest = new GuestComponent(instances, threads);
      for (int i = 0; i < RUNS; i++) {
        assertThatThrownBy(() -> guest.call(Fixture.task(), "", "down", new Object[0]))
            .isInstanceOfSatisfying(
                TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT))
            .hasMessageContaining("call stack exhausted");
        assertThat(lock.isLocked()).as("the host's lock, after run %d", i).isFalse();
        assertThat(ended).hasValue(begun.get());
      }
    }
  }
}
