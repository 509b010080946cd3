package io.wattle.providers.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.link.InterfaceLinkDefinition;
import io.wattle.lattice.link.Link;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that come before their link, without patience for links nobody has told of. */
@Timeout(120)
class LinkDeskTest {
  private static final InterfaceLinkDefinition LINK =
      InterfaceLinkDefinition.of(
          Link.of("counter", "kv", "wasi", "keyvalue", "store"), Map.of(), Map.of());

  private final LinkDesk desk = new LinkDesk("kv", Duration.ZERO);
  private final CallHandler function =
      desk.guard("wrpc:keyvalue/store@0.2.0-draft", request -> CallReply.of(new byte[] {7}));

  private static CallRequest call(Duration left) {
    return new CallRequest(
        new CallTarget("kv", "wrpc:keyvalue/store@0.2.0-draft", "get"),
        new CallContext("counter", "default", Deadline.in(left), Map.of()),
        new byte[0],
        Map.of());
  }

  @Test
  void aCallByALinkThatTheProviderIsAtWaitsForIt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch accepts = new CountDownLatch(1);
    desk.expect(LINK);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> put =
          threads.submit(
              () -> {
                desk.put(new Slow(asked, accepts), LINK);
                return null;
              });
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      Future<CallReply> reply = threads.submit(() -> function.handle(call(Duration.ofSeconds(90))));
      // It has no patience at all, so that it would have failed before it waited.
      assertThatThrownBy(() -> reply.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      accepts.countDown();
      assertThat(reply.get(90, TimeUnit.SECONDS).results()).containsExactly(7);
      put.get(90, TimeUnit.SECONDS);
    }
  }

  @Test
  void aCallByALinkThatWasRefusedOrIsUnknownFails() throws Exception {
    assertThatExceptionOfType(CallException.class)
        .isThrownBy(() -> function.handle(call(Duration.ofSeconds(90))))
        .withMessageContaining("no link for wasi:keyvalue/store from counter");
    desk.expect(LINK);
    assertThatExceptionOfType(CallException.class)
        .isThrownBy(() -> function.handle(call(Duration.ofMillis(20))))
        .withMessageContaining("no link for wasi:keyvalue/store from counter");
    desk.put(
        new Slow(new CountDownLatch(1), new CountDownLatch(0)) {
          @Override
          public void putLink(ProviderLink link) throws LinkException {
            throw new LinkException("no bucket");
          }
        },
        LINK);
    assertThatExceptionOfType(CallException.class)
        .isThrownBy(() -> function.handle(call(Duration.ofSeconds(90))))
        .withMessageContaining("link from counter to kv: no bucket");
  }

  /** Accepts links when it is let. */
  private static class Slow implements Provider {
    private final CountDownLatch asked;
    private final CountDownLatch accepts;

    Slow(CountDownLatch asked, CountDownLatch accepts) {
      this.asked = asked;
      this.accepts = accepts;
    }

    @Override
    public void putLink(ProviderLink link) throws LinkException, InterruptedException {
      asked.countDown();
      assertThat(accepts.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public List<ProviderExport> exports() {
      return List.of();
    }

    @Override
    public void deleteLink(ProviderLink.Key key) {}

    @Override
    public void updateConfig(Map<String, String> config) {}

    @Override
    public Optional<String> problem() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
