package io.wattle.host.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void admitsAsManyAsCounted() throws Exception {
    Admission admission = new Admission("c", 2, Duration.ofMillis(50));
    admission.acquire(soon());
    Admission.Permit second = admission.acquire(soon());
    assertThat(admission.inFlight()).isEqualTo(2);
    assertThatThrownBy(() -> admission.acquire(soon()))
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.kind()).isEqualTo(CallException.Kind.BUSY))
        .hasMessageContaining("c: busy, 2 invocations in flight and waited 50 ms");
    second.close();
    second.close();
    assertThat(admission.inFlight()).isEqualTo(1);
    admission.acquire(soon());
    assertThat(admission.inFlight()).isEqualTo(2);
  }

  @Test
  void saysTimeoutWhenTheCallersDeadlineIsTheShorterOne() throws Exception {
    Admission admission = new Admission("c", 1, Duration.ofSeconds(60));
    admission.acquire(soon());
    assertThatThrownBy(() -> admission.acquire(Deadline.in(Duration.ofMillis(20))))
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.kind()).isEqualTo(CallException.Kind.TIMEOUT));
    assertThat(admission.waiting()).isZero();
  }

  @Test
  void queuesSixtyFourAndTurnsTheRestAwayAtOnce() throws Exception {
    Admission admission = new Admission("c", 1, Duration.ofSeconds(60));
    Admission.Permit running = admission.acquire(soon());
    List<Future<Admission.Permit>> waiting = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      waiting.add(threads.submit(() -> admission.acquire(soon())));
    }
    await().until(() -> admission.waiting() == 64);
    assertThatThrownBy(() -> admission.acquire(soon()))
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.kind()).isEqualTo(CallException.Kind.BUSY));
    running.close();
    for (int i = 0; i < 64; i++) {
      await().until(() -> waiting.stream().anyMatch(Future::isDone));
      Future<Admission.Permit> turn =
          waiting.stream().filter(Future::isDone).findFirst().orElseThrow();
      waiting.removeIf(other -> other == turn);
      assertThat(admission.inFlight()).isEqualTo(1);
      turn.get().close();
    }
    assertThat(admission.inFlight()).isZero();
    assertThat(admission.awaitIdle(soon())).isTrue();
  }

  @Test
  void growingLetsWaitersIn() throws Exception {
    Admission admission = new Admission("c", 1, Duration.ofSeconds(60));
    admission.acquire(soon());
    Future<Admission.Permit> waiter = threads.submit(() -> admission.acquire(soon()));
    await().until(() -> admission.waiting() == 1);
    admission.resize(2);
    waiter.get();
    assertThat(admission.inFlight()).isEqualTo(2);
  }

  @Test
  void closingTurnsNewcomersAwayAndLetsWaitersHaveTheirTurn() throws Exception {
    Admission admission = new Admission("c", 1, Duration.ofSeconds(60));
    Admission.Permit running = admission.acquire(soon());
    Future<Admission.Permit> first = threads.submit(() -> admission.acquire(soon()));
    await().until(() -> admission.waiting() == 1);
    admission.close("c was stopped");
    assertThatThrownBy(() -> admission.acquire(soon())).hasMessage("c was stopped");
    Future<Boolean> idle = threads.submit(() -> admission.awaitIdle(soon()));
    running.close();
    Admission.Permit second = first.get();
    assertThat(idle).isNotDone();
    second.close();
    assertThat(idle.get()).isTrue();
  }

  @Test
  void expellingTurnsWaitersAway() throws Exception {
    Admission admission = new Admission("c", 1, Duration.ofSeconds(60));
    admission.acquire(soon());
    Future<Admission.Permit> waiter = threads.submit(() -> admission.acquire(soon()));
    await().until(() -> admission.waiting() == 1);
    admission.expel();
    assertThatThrownBy(waiter::get).hasMessageContaining("c is being stopped");
    assertThat(admission.awaitIdle(Deadline.in(Duration.ofMillis(10)))).isFalse();
  }

  @Test
  void anInterruptedWaiterLeavesTheQueue() throws Exception {
    Admission admission = new Admission("c", 1, Duration.ofSeconds(60));
    Admission.Permit running = admission.acquire(soon());
    Future<Admission.Permit> waiter = threads.submit(() -> admission.acquire(soon()));
    await().until(() -> admission.waiting() == 1);
    waiter.cancel(true);
    await().until(() -> admission.waiting() == 0);
    running.close();
    assertThat(admission.inFlight()).isZero();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofMinutes(2));
  }
}
