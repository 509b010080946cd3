package io.wattle.runtime.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.Task;
import io.wattle.runtime.binary.ComponentDecoder;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.instance.Deadlines;
import io.wattle.runtime.instance.Instances;
import io.wattle.runtime.plan.Elaborator;
import io.wattle.wit.io.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest is {@code tasks.wat}. */
class TasksTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  private interface Note {
    void take(HostCall call) throws InterruptedException;
  }

  private static final CoreEngine ENGINE =
      Engines.endive(EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
  private final ComponentRuntime runtime = ComponentRuntime.on(ENGINE);
  private final Deadlines deadlines = new Deadlines();
  private final Stacks stacks = new Stacks();
  private final AtomicInteger notes = new AtomicInteger();
  private Note note = call -> notes.incrementAndGet();
  private Instances instances;

  @BeforeEach
  void link() throws Exception {
    byte[] wasm =
        Files.readAllBytes(Path.of("src", "test", "resources", "component", "tasks.wasm"));
    HostInterface host =
        HostInterface.named("wattle:test/tasks-host@0.1.0")
            .function(
                "note",
                (call, arguments) -> {
                  note.take(call);
                  return null;
                })
            .function("twice", (call, arguments) -> 2 * (Long) arguments[0])
            .build();
    instances =
        new Instances(
            runtime.load(wasm),
            Elaborator.plan(wasm, ComponentDecoder.decode(wasm), ENGINE),
            Imports.of(HostInterfaces.of(List.of(host))),
            LinkOptions.DEFAULT,
            ENGINE,
            deadlines,
            stacks);
  }

  @AfterEach
  void everythingIsGivenBack() {
    instances.close();
    await().atMost(LONG).until(() -> stacks.taken() == 0);
    assertThat(ENGINE.memory().used()).isZero();
    stacks.close();
    deadlines.close();
    runtime.close();
  }

  private static Task task(Duration left) {
    return new Task("test", Deadline.in(left), Map.of());
  }

  private ComponentInstance begin() {
    return instances.begin(task(LONG));
  }

  @Test
  void aCallReturnsWhatTheTaskReturns() {
    try (ComponentInstance instance = begin()) {
      assertThat(instance.call("", "count")).isEqualTo(1L);
      assertThat(instance.call("", "count")).isEqualTo(2L);
    }
    // The instance was reset, not thrown away: no task was left in it.
    try (ComponentInstance instance = begin()) {
      assertThat(instance.call("", "count")).isEqualTo(1L);
    }
  }

  @Test
  void theHostAnswersAnAsyncCallAtOnce() {
    try (ComponentInstance instance = begin()) {
      assertThat(instance.call("", "ask", 21L)).isEqualTo(42L);
    }
  }

  @Test
  void whatWaitsForNothingIsADeadlock() {
    try (ComponentInstance instance = begin()) {
      assertThatThrownBy(() -> instance.call("", "wait-forever"))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRAP))
          .hasMessageContaining("deadlock detected: event loop cannot make further progress");
      assertThatThrownBy(() -> instance.call("", "count"))
          .hasMessageContaining("cannot be called again");
    }
  }

  @Test
  void aTaskThatStaysAfterItsResultEndsWithItsInstance() {
    try (ComponentInstance instance = begin()) {
      assertThat(instance.call("", "stay")).isEqualTo(1L);
      assertThat(instance.call("", "stay")).isEqualTo(1L);
      instance.settle();
      assertThat(stacks.taken()).isEqualTo(2);
    }
  }

  @Test
  void aTaskGoesOnAfterItsResultWhenItIsLet() throws Exception {
    try (ComponentInstance instance = begin()) {
      assertThat(instance.call("", "go-on")).isEqualTo(1L);
      assertThat(notes).hasValue(0);
      instance.settle();
      assertThat(notes).hasValue(1);
    }
    try (GuestThreads threads = new GuestThreads(GuestThreads.STACK_BYTES)) {
      GuestComponent guest = new GuestComponent(instances, threads);
      assertThat(guest.call(task(LONG), "", "go-on", new Object[0])).isEqualTo(1L);
      assertThat(notes).hasValue(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spin", "spin-back"})
  void aCancelledTaskEnds(String function) {
    note = call -> call.task().cancel("enough");
    try (ComponentInstance instance = begin()) {
      assertThatThrownBy(() -> instance.call("", function))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED))
          .hasMessageContaining("enough");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spin", "spin-back"})
  void aTaskEndsAtItsDeadline(String function) {
    // Whether it had begun to spin by then is no matter: what is asserted is that it ends, and why.
    assertThatThrownBy(
            () -> {
              try (ComponentInstance instance = instances.begin(task(Duration.ofMillis(300)))) {
                instance.call("", function);
              }
            })
        .isInstanceOfSatisfying(
            TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEADLINE));
  }

  @Test
  void anInterruptReachesWhatATaskWaitsForInTheHost() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger interrupts = new AtomicInteger();
    note =
        call -> {
          waits.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupts.incrementAndGet();
            throw e;
          }
        };
    AtomicInteger kept = new AtomicInteger();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (ComponentInstance instance = begin()) {
                    assertThatThrownBy(() -> instance.call("", "call-out"))
                        .isInstanceOf(TrapException.class);
                    kept.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                  }
                });
    waits.await();
    caller.interrupt();
    caller.join(LONG);
    assertThat(interrupts).hasValue(1);
    assertThat(kept).hasValue(1);
  }

  @Test
  void aStopFromOutsideReachesWhatATaskWaitsForInTheHost() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    note =
        call -> {
          waits.countDown();
          never.await();
        };
    Task task = task(LONG);
    AtomicInteger ended = new AtomicInteger();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (ComponentInstance instance = instances.begin(task)) {
                    assertThatThrownBy(() -> instance.call("", "call-out"))
                        .hasMessageContaining("no longer wanted");
                    ended.incrementAndGet();
                  }
                });
    waits.await();
    task.cancel("no longer wanted");
    caller.join(LONG);
    assertThat(ended).hasValue(1);
  }

  /** A stack that it never got is not waited for. */
  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoGetsNoStackIsToldSo() {
    stacks.close();
    try (ComponentInstance instance = begin()) {
      assertThatThrownBy(() -> instance.call("", "count"))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stacks, more than 200 threads of a component are in the middle of a function",
    "threads, more than 65536 threads in a component instance",
    "sets, more than 65536 handles in a component instance"
  })
  void whoTakesTooMuchIsTold(String function, String limit) {
    try (ComponentInstance instance = begin()) {
      assertThatThrownBy(() -> instance.call("", function))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT))
          .hasMessageContaining(limit);
    }
  }
}
