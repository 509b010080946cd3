package io.wattle.controlplane.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.controlplane.plan.ObservedHost;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.event.EventSubscriber;
import io.wattle.lattice.testing.NatsForTests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who counts as alive, with a clock that goes when the test says so. */
final class HostWatchTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private volatile Instant now = Instant.EPOCH;
  private LatticeConnection connection;
  private ScriptedHost host;
  private HostWatch watch;
  private Subscription events;

  @BeforeEach
  void start() throws Exception {
    connection = NATS.connect();
    host = new ScriptedHost(NATS.connect(), "h1", Map.of());
    watch = new HostWatch("default", new ControlClient(connection), () -> now, () -> {});
    events = EventSubscriber.subscribeAll(connection, watch::heard);
    answers();
  }

  /** Until the host has answered, however slow the machine is. */
  private void answers() {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> ids(watch.look()).equals(List.of("h1")) && !watch.mute("h1"));
  }

  @AfterEach
  void stop() {
    events.close();
    watch.close();
    host.resume();
    host.close();
    connection.close();
  }

  private static List<String> ids(List<ObservedHost> hosts) {
    return hosts.stream().map(ObservedHost::id).toList();
  }

  private void after(Duration time) {
    now = now.plus(time);
  }

  @Test
  void nobodyListeningTwiceIsDeath() throws Exception {
    host.cutOff();
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              assertThat(ids(watch.look())).as("once may be a restart").containsExactly("h1");
              return watch.lookAgainAt().equals(now.plusMillis(500));
            });
    after(Duration.ofMillis(499));
    assertThat(watch.look()).hasSize(1);
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              after(Duration.ofMillis(500));
              return watch.look().isEmpty();
            });
    assertThat(now).as("it was not for its silence").isBefore(Instant.EPOCH.plusSeconds(8));
  }

  @Test
  void nobodyListeningOnceIsNone() throws Exception {
    host.cutOff();
    assertThat(watch.look()).hasSize(1);
    host.comeBack();
    after(Duration.ofSeconds(1));
    answers();
    assertThat(watch.lookAgainAt()).isEqualTo(Instant.MAX);
  }

  @Test
  void silenceIsDeathAfterEightSeconds() throws Exception {
    host.pause();
    assertThat(watch.look()).singleElement().returns(false, ObservedHost::responsive);
    assertThat(watch.mute("h1")).isTrue();
    assertThat(watch.lookAgainAt()).isEqualTo(now.plusSeconds(8));
    after(Duration.ofMillis(7999));
    assertThat(watch.look()).hasSize(1);
    after(Duration.ofMillis(1));
    assertThat(watch.look()).isEmpty();
  }

  @Test
  void whoComesBackIsTakenWithWhatItRuns() throws Exception {
    host.pause();
    assertThat(watch.look()).hasSize(1);
    after(Duration.ofSeconds(8));
    assertThat(watch.look()).isEmpty();
    host.resume();
    host.scale(
            new ScaleComponent(
                "c", "file:///c", 3, Map.of(), null, "h1", List.of(), false, Map.of()))
        .then()
        .run();
    host.cutOff();
    host.comeBack();
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(watch.look())
                    .singleElement()
                    .satisfies(
                        h -> {
                          assertThat(h.responsive()).isTrue();
                          assertThat(h.components()).hasSize(1);
                        }));
  }

  @Test
  void answersKeepAHostAliveThatHasNoHeartbeat() throws Exception {
    for (int i = 0; i < 15; i++) {
      after(Duration.ofSeconds(2));
      assertThat(watch.look()).hasSize(1);
      answers();
    }
  }

  @Test
  void aMuteHostHoldsNobodyUpTwice() throws Exception {
    ScriptedHost other = new ScriptedHost(NATS.connect(), "h2", Map.of());
    try {
      await().atMost(Duration.ofSeconds(90)).until(() -> watch.look().size() == 2);
      host.pause();
      assertThat(watch.look()).hasSize(2);
      long before = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThat(watch.look()).hasSize(2);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .as("100 looks, none of which waits a second for the mute host")
          .isLessThan(Duration.ofSeconds(50));
    } finally {
      other.close();
    }
  }

  @Test
  void whileNatsWasAwayNobodyDied() throws Exception {
    host.cutOff();
    assertThat(watch.look()).hasSize(1);
    watch.reconnected();
    after(Duration.ofSeconds(7));
    assertThat(watch.look()).as("hosts have time to come back too").hasSize(1);
    after(Duration.ofSeconds(1));
    assertThat(watch.look()).isEmpty();
  }

  @Test
  void whoTakesOverGivesHostsTheirTime() throws Exception {
    after(Duration.ofSeconds(60));
    watch.takeOver();
    assertThat(watch.look()).hasSize(1);
  }

  @Test
  void whoTakesOverWaitsUntilEachHostHasSaidWhatItRuns() throws Exception {
    HostWatch other = new HostWatch("default", new ControlClient(connection), () -> now, () -> {});
    try (Subscription heard = EventSubscriber.subscribeAll(connection, other::heard)) {
      connection.flush(Duration.ofSeconds(60));
      host.cutOff();
      host.comeBack();
      await().atMost(Duration.ofSeconds(90)).until(() -> other.count() == 1);
      host.pause();
      other.takeOver();
      assertThat(other.look()).as("nothing is known of it").isEmpty();
      assertThat(other.settled()).isFalse();
      host.resume();
      await().atMost(Duration.ofSeconds(90)).until(() -> other.look().size() == 1);
      assertThat(other.settled()).isTrue();
      assertThat(heard).isNotNull();
    } finally {
      other.close();
    }
  }
}
