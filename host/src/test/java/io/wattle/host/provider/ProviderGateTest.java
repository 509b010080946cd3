package io.wattle.host.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.host.link.LatticeState;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.link.InterfaceLinkDefinition;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that overtake the news of their link, or come after it is gone. */
@Timeout(300)
class ProviderGateTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final String KEYVALUE = "wrpc:keyvalue/store@0.2.0-draft";
  private static final Duration LONG = Duration.ofSeconds(90);

  private LatticeState state;
  private ProviderGate gate;
  private CallHandler function;

  @BeforeEach
  void open() throws Exception {
    state = LatticeState.open(NATS.connect(), LONG);
    gate =
        new ProviderGate(
            "redis",
            state,
            Ticker.SYSTEM,
            LONG,
            request -> {
              throw new AssertionError("nobody shut the gate");
            });
    function = gate.guard(KEYVALUE, request -> CallReply.of(new byte[] {7}));
  }

  @AfterEach
  void close() {
    state.close();
  }

  private static Link linkTo(String provider) {
    return Link.of("counter", provider, "wasi", "keyvalue", "store");
  }

  private CallReply call(Duration left) throws Exception {
    return function.handle(
        new CallRequest(
            new CallTarget("redis", KEYVALUE, "get"),
            new CallContext("counter", "default", Deadline.in(left), Map.of()),
            new byte[0],
            Map.of()));
  }

  private void accept(Link link) {
    gate.serve(ProviderLink.of(InterfaceLinkDefinition.of(link, Map.of(), Map.of())));
  }

  @Test
  void aCallThatOvertakesTheNewsOfItsLinkReadsTheLinksAndWaitsForTheProvider() throws Exception {
    state.register("counter", "file:///counter.wasm");
    state.putLink(linkTo("kv"), true);
    // This host hears of no change any more, and another host swaps the store.
    state.close();
    try (LatticeState other = LatticeState.open(NATS.connect(), LONG)) {
      other.putLink(linkTo("redis"), true);
    }
    assertThat(state.links().from("counter")).extracting(Link::target).containsExactly("kv");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<CallReply> reply = threads.submit(() -> call(LONG));
      // Longer than calls wait whose link is not known.
      assertThatThrownBy(() -> reply.get(2500, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      accept(linkTo("redis"));
      assertThat(reply.get(90, TimeUnit.SECONDS).results()).containsExactly(7);
    }
  }

  @Test
  void aCallByALinkThatLeadsElsewhereIsRefusedAndSaysWhere() throws Exception {
    state.register("counter", "file:///counter.wasm");
    state.putLink(linkTo("kv"), true);
    assertThatThrownBy(() -> call(Duration.ofMillis(200)))
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.kind()).isEqualTo(CallException.Kind.NOT_FOUND))
        .hasMessage("the link from counter leads to kv now");
  }

  @Test
  void aCallByALinkThatWasJustSwappedIsLetIn() throws Exception {
    state.register("counter", "file:///counter.wasm");
    state.putLink(linkTo("redis"), true);
    accept(linkTo("redis"));
    state.putLink(linkTo("kv"), true);
    assertThat(call(LONG).results()).containsExactly(7);
    gate.forget(List.copyOf(gate.served().keySet()).getFirst());
    assertThatThrownBy(() -> call(Duration.ZERO)).isInstanceOf(CallException.class);
  }
}
