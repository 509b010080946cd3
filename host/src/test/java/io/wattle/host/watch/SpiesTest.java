package io.wattle.host.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.watch.SpyLease;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpiesTest {
  private static final CallHandler OK = request -> CallReply.of(new byte[] {7});

  private final AtomicLong nanos = new AtomicLong();
  private final Spies spies = new Spies("quiet-reed", nanos::get, InstantSource.system());

  @Test
  void tellsNothingWhenNobodyWatches() throws Exception {
    spies.call(Spies.Path.IN_PROCESS, request(3), OK);
    assertThat(told()).isEmpty();

    spies.lease(new SpyLease("someone-else", 10_000));
    spies.call(Spies.Path.IN_PROCESS, request(3), OK);
    assertThat(told()).isEmpty();

    spies.lease(new SpyLease("b", 10_000));
    spies.lease(new SpyLease("b", 0));
    spies.call(Spies.Path.IN_PROCESS, request(3), OK);
    assertThat(told()).isEmpty();
  }

  @Test
  void aLeaseEndsByItself() throws Exception {
    spies.lease(new SpyLease("b", 10_000));
    nanos.addAndGet(Duration.ofSeconds(9).toNanos());
    spies.call(Spies.Path.IN, request(3), OK);
    assertThat(told()).hasSize(1);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    spies.call(Spies.Path.IN, request(3), OK);
    assertThat(told()).isEmpty();
    assertThat(new SpyLease("b", Long.MAX_VALUE).millis()).isEqualTo(SpyLease.MAX.toMillis());
  }

  @Test
  void eachCallIsToldOnceForEachThatIsWatched() throws Exception {
    spies.lease(new SpyLease("a", 10_000));
    spies.call(Spies.Path.OUT, request(3), OK);
    spies.call(Spies.Path.IN, request(3), OK); // the host of the callee does not tell it again
    assertThat(told()).extracting(Spies.Noted::id).containsExactly("a");

    spies.lease(new SpyLease("b", 10_000));
    spies.call(Spies.Path.IN_PROCESS, request(3), OK);
    List<Spies.Noted> both = told();
    assertThat(both).extracting(Spies.Noted::id).containsExactly("a", "b");
    assertThat(both.getFirst().call().parameters()).hasSize(3);
    assertThat(both.getFirst().call().results()).containsExactly(7);
    assertThat(both.getFirst().call().path()).isEqualTo("in-process");
  }

  @Test
  void failuresAreToldAndPassedOn() throws Exception {
    spies.lease(new SpyLease("a", 10_000));
    CallException busy = new CallException(CallException.Kind.BUSY, "no room");

    assertThatThrownBy(
            () ->
                spies.call(
                    Spies.Path.IN_PROCESS,
                    request(3),
                    request -> {
                      throw busy;
                    }))
        .isSameAs(busy);

    assertThat(told())
        .singleElement()
        .satisfies(n -> assertThat(n.call().error()).isEqualTo("no room"));
  }

  @Test
  void longValuesAreToldByTheirLength() throws Exception {
    spies.lease(new SpyLease("a", 10_000));
    spies.call(Spies.Path.IN_PROCESS, request(1 << 20), OK);

    assertThat(told())
        .singleElement()
        .satisfies(
            noted -> {
              assertThat(noted.call().parameters()).isNull();
              assertThat(noted.call().parameterBytes()).isEqualTo(1 << 20);
            });
  }

  @Test
  void whenThereAreTooManyTheRestIsCounted() throws Exception {
    spies.lease(new SpyLease("a", 10_000));
    int calls = 5_000;
    for (int i = 0; i < calls; i++) {
      spies.call(Spies.Path.OUT, request(1), OK);
    }
    int told = told().size();
    assertThat(told).isLessThan(calls);
    spies.call(Spies.Path.OUT, request(1), OK);
    assertThat(told().getFirst().call().missed()).isEqualTo(calls - told);
  }

  private List<Spies.Noted> told() throws InterruptedException {
    List<Spies.Noted> told = new ArrayList<>();
    Optional<Spies.Noted> next = spies.next(0);
    while (next.isPresent()) {
      told.add(next.get());
      next = spies.next(0);
    }
    return told;
  }

  private static CallRequest request(int bytes) {
    return new CallRequest(
        new CallTarget("b", "demo:x/y@0.1.0", "f"),
        new CallContext("a", "default", Deadline.in(Duration.ofSeconds(10)), Map.of()),
        new byte[bytes],
        Map.of());
  }
}
