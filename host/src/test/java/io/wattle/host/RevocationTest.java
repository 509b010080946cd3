package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.Subscription;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.kv.LatticeData;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.lattice.wrpc.WrpcServer;
import io.wattle.wit.io.Deadline;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is taken away is gone when that was answered, and whoever uses it hears who did it. */
class RevocationTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final Link STORE =
      Link.of("counter", "kv", "wasi", "keyvalue", "store", "atomics")
          .withConfigs(List.of(), List.of("kv"));
  private static final String BY_ME = " by " + System.getProperty("user.name");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  RevocationTest() {
    super(NATS);
  }

  @Test
  void aLinkThatWasDeletedIsRevokedOnAllHosts() throws Exception {
    List<String> urls = counters();
    revoked(
        lattice.control.deleteLink(LinkKey.of(STORE)),
        urls,
        503,
        "revoked: wasi:keyvalue/atomics" + BY_ME);
    lattice.control.putLink(STORE);
    for (String url : urls) {
      await().atMost(PATIENCE).until(() -> web.get(url + "n").statusCode() == 200);
    }
  }

  @Test
  void aHostThatHeardOfNoCommandGoesByTheBucket() throws Exception {
    List<String> urls = counters();
    LatticeData data = LatticeData.open(lattice.connection, BucketOptions.DEFAULT);
    assertThat(data.deleteLink(LinkKey.of(STORE), "ada")).isPresent();
    for (String url : urls) {
      await()
          .atMost(PATIENCE)
          .until(() -> web.get(url + "n").body().contains("wasi:keyvalue/atomics by ada"));
    }
  }

  @Test
  void aLinkWhoseConfigWasDeletedIsRevoked() throws Exception {
    List<String> urls = counters();
    revoked(
        lattice.control.deleteConfig("kv"), urls, 503, "revoked: wasi:keyvalue/atomics" + BY_ME);
  }

  @Test
  void aConfigThatWasDeletedIsRevokedOnAllHosts() throws Exception {
    Host first = lattice.host();
    Host second = lattice.host();
    lattice.control.putConfig("base", Map.of("a", "1"));
    List<String> urls = List.of(tools(first, 1), tools(second, 2));
    for (String url : urls) {
      assertThat(web.get(url + "config").body().lines()).containsExactly("a=1");
    }
    revoked(
        lattice.control.deleteConfig("base"),
        urls.stream().map(url -> url + "config?").toList(),
        500,
        "revoked: wasi:config/store" + BY_ME);
    lattice.control.putConfig("base", Map.of("a", "2"));
    for (String url : urls) {
      await().atMost(PATIENCE).until(() -> web.get(url + "config").body().contains("a=2"));
    }
  }

  @Test
  void aRunningInvocationLosesWhatIsTakenAway() throws Exception {
    Host host = lattice.host();
    Link gate = Link.of("asker", "gate", "wattle", "test", "gate");
    Semaphore arrived = new Semaphore(0);
    Semaphore open = new Semaphore(0);
    try (WrpcServer server = WrpcServer.open(lattice.connection);
        Subscription served =
            server.serve(
                "gate",
                "wattle:test/gate@0.1.0",
                "pass",
                AsyncShapeResolver.standard()
                    .shapes(new CallTarget("gate", "wattle:test/gate@0.1.0", "pass")),
                request -> {
                  arrived.release();
                  open.acquire();
                  ValueEncoder one = new ValueEncoder();
                  one.u32(1);
                  return CallReply.of(one.toBytes());
                });
        WrpcClient client = WrpcClient.open(lattice.connection, AsyncShapeResolver.standard())) {
      lattice.control.putLink(gate);
      lattice.scale(host, "asker", "asks-twice", 5);
      lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
      open.release(2);
      assertThat(new ValueDecoder(client.handle(twice()).results()).u32()).isEqualTo(2);
      arrived.drainPermits();

      CompletableFuture<CallReply> running =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return client.handle(twice());
                } catch (CallException | InterruptedException e) {
                  throw new java.util.concurrent.CompletionException(e);
                }
              });
      assertThat(arrived.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(lattice.control.deleteLink(LinkKey.of(gate)))
          .isEqualTo("successfully deleted link");
      open.release(2);
      assertThatThrownBy(() -> running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(CallException.class)
          .rootCause()
          .hasMessageContaining("revoked: wattle:test/gate" + BY_ME);
      assertThat(arrived.tryAcquire()).as("a second call at the gate").isFalse();
      assertThat(served).isNotNull();
    }
  }

  private static CallRequest twice() {
    return new CallRequest(
        new CallTarget("asker", "wattle:test/twice@0.1.0", "ask"),
        new CallContext("test", "default", Deadline.in(PATIENCE), Map.of()),
        new byte[0],
        Map.of());
  }

  /** A counter on each of two hosts, with the store on the first. */
  private List<String> counters() throws Exception {
    Host first = lattice.host();
    Host second = lattice.host();
    lattice.keyValue(first, "counter");
    lattice.scale(first, "counter", "http-counter", 5);
    lattice.scale(second, "counter", "http-counter", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 2);
    List<String> urls =
        List.of(lattice.serve(first, "counter"), lattice.serve(second, "counter", "http-second"));
    for (String url : urls) {
      await().atMost(PATIENCE).until(() -> web.get(url + "n").statusCode() == 200);
    }
    return urls;
  }

  private String tools(Host host, int scaled) throws Exception {
    lattice.control.scale(
        host.id(),
        new ScaleComponent(
            "tools-" + scaled,
            TestLattice.image("http-toolbox"),
            5,
            Map.of(),
            null,
            host.id(),
            List.of("base"),
            false,
            Map.of()));
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, scaled);
    return lattice.serve(host, "tools-" + scaled);
  }

  /**
   * The very next use fails, and says so. Only where the answer warned that a host was slow, that
   * host may need longer.
   */
  private void revoked(String said, List<String> urls, int status, String text) throws Exception {
    assertThat(said).startsWith("successfully deleted");
    for (String url : urls) {
      if (said.contains("warning")) {
        await().atMost(PATIENCE).until(() -> web.get(url + "n").statusCode() == status);
      }
      HttpResponse<String> answer = web.get(url + "n");
      assertThat(answer.body()).contains(text);
      assertThat(answer.statusCode()).isEqualTo(status);
    }
  }
}
