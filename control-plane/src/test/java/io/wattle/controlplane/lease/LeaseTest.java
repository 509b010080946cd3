package io.wattle.controlplane.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.testing.NatsForTests;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One at a time, whatever happens to it. */
final class LeaseTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final AtomicLong ahead = new AtomicLong();
  private final InstantSource movable = () -> Instant.now().plusSeconds(ahead.get());

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
  }

  private LatticeConnection connection() throws Exception {
    LatticeConnection connection = NATS.connect();
    opened.add(connection);
    return connection;
  }

  private Lease lease(LatticeConnection connection, InstantSource clock) throws Exception {
    Lease lease = Lease.open(connection, clock, () -> {});
    opened.add(lease);
    lease.start();
    return lease;
  }

  private static void soon(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  @Test
  void theSecondTakesItWhenTheFirstGivesItUp() throws Exception {
    Lease first = lease(connection(), InstantSource.system());
    soon(first::held);
    Lease second = lease(connection(), InstantSource.system());
    soon(() -> first.held() && second.term() == first.term());
    soon(() -> !(first.held() && second.held())); // the two are not asked at the same moment
    long term = first.term();
    first.close();
    assertThat(first.held()).isFalse();
    soon(second::held);
    assertThat(second.term()).isGreaterThan(term);
  }

  @Test
  void theSecondTakesItWhenTheFirstIsGoneAndNeverBefore() throws Exception {
    LatticeConnection lost = connection();
    Lease first = lease(lost, InstantSource.system());
    soon(first::held);
    Lease second = lease(connection(), InstantSource.system());
    lost.close();
    AtomicInteger both = new AtomicInteger();
    soon(
        () -> {
          boolean secondHolds = second.held();
          if (secondHolds && first.held()) {
            both.incrementAndGet();
          }
          return secondHolds;
        });
    assertThat(both).hasValue(0);
    assertThat(first.held()).isFalse();
  }

  @Test
  void whoWasStoppedKnowsThatItMayBeLate() throws Exception {
    Lease lease = lease(connection(), movable);
    soon(lease::held);
    soon(
        () -> {
          ahead.addAndGet(3600);
          return !lease.held(); // unless it was renewed at this very moment
        });
    soon(lease::held);
  }

  @Test
  void aLeaseOutlastsALostServer() throws Exception {
    Lease lease = lease(connection(), InstantSource.system());
    soon(lease::held);
    NATS.killServer();
    soon(() -> !lease.held());
    NATS.restartServer();
    soon(lease::held);
  }
}
