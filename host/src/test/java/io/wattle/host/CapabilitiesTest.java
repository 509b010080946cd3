package io.wattle.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.testing.NatsForTests;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What components reach through our providers, each over a link that comes and goes. */
class CapabilitiesTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final Duration LONG = Duration.ofSeconds(90);

  CapabilitiesTest() {
    super(NATS);
  }

  private String serve(Host host, String guest) throws Exception {
    lattice.scale(host, guest, guest, 10);
    await().atMost(LONG).until(() -> !lattice.control.inventory(host.id()).components().isEmpty());
    return lattice.serve(host, guest);
  }

  private void provider(Host host, String id) throws Exception {
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), id, "ghcr.io/wasmcloud/" + id + ":0.1.0"));
  }

  private HttpResponse<String> awaitStatus(String url, int status) throws Exception {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(web.get(url).statusCode()).isEqualTo(status));
    return web.get(url);
  }

  @Test
  void requestsGoOutByTheHttpClient() throws Exception {
    Host host = lattice.host();
    String url = serve(host, "http-toolbox");
    String out = url + "outgoing?url=" + url;
    assertThat(web.get(out + "request").body())
        .contains("no link from http-toolbox for wasi:http/outgoing-handler");
    provider(host, "http-client");
    lattice.control.putLink(
        Link.of("http-toolbox", "http-client", "wasi", "http", "outgoing-handler"));
    awaitStatus(out + "status?code=203", 203);
    assertThat(web.get(out + "request").body().lines())
        .containsExactly("Method::Get", "http", url.replaceAll("http://|/", ""), "/request");
    String body = "x".repeat(300_000);
    assertThat(web.post(out + "echo", body).body()).isEqualTo(body);
    assertThat(web.get(url + "outgoing?url=http://127.0.0.1:1/").body())
        .contains("ConnectionRefused");
    lattice.control.deleteLink(
        LinkKey.of(Link.of("http-toolbox", "http-client", "wasi", "http", "outgoing-handler")));
    awaitStatus(out + "status?code=203", 502);
  }

  @Test
  void messagesGoBothWays() throws Exception {
    Host host = lattice.host();
    String url = serve(host, "messenger");
    provider(host, "messaging-nats");
    lattice.control.putConfig("orders", Map.of("subscriptions", "caps.orders.*|workers"));
    lattice.control.putLink(
        Link.of("messaging-nats", "messenger", "wasmcloud", "messaging", "handler")
            .withConfigs(List.of("orders"), List.of()));
    assertThat(web.post(url + "publish?subject=caps.x", "unlinked").statusCode())
        .isGreaterThanOrEqualTo(500);
    lattice.control.putLink(
        Link.of("messenger", "messaging-nats", "wasmcloud", "messaging", "consumer"));
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(web.post(url + "request?subject=caps.orders.new", "hello").body())
                    .isEqualTo("HELLO"));
    LinkedBlockingQueue<Message> seen = new LinkedBlockingQueue<>();
    Dispatcher listening = lattice.connection.nats().createDispatcher(seen::add);
    try {
      listening.subscribe("caps.>");
      lattice.connection.nats().flush(LONG);
      assertThat(web.post(url + "publish?subject=caps.orders.a", "one").body())
          .isEqualTo("published\n");
      assertThat(heard(seen)).isEqualTo("caps.orders.a one");
      assertThat(heard(seen)).isEqualTo("caps.orders.a.seen one");
    } finally {
      lattice.connection.nats().closeDispatcher(listening);
    }
    assertThat(web.post(url + "request?subject=caps.nobody", "x").body())
        .contains("caps.nobody: nobody listens there");
    assertThat(web.post(url + "request?subject=caps.orders.new&timeout-ms=300", "fail").body())
        .contains("no answer within 300 ms");
    assertThat(web.post(url + "publish?subject=caps..x", "x").body()).contains("expected: tokens");
    for (String reserved : List.of("wasmbus.ctl.v1.x", "$JS.API.INFO", "wadm.api.x", "wattle.x")) {
      assertThat(web.post(url + "publish?subject=" + reserved, "x").body())
          .contains("belongs to the lattice itself");
    }
  }

  private static String heard(LinkedBlockingQueue<Message> seen) throws InterruptedException {
    Message message = seen.poll(90, TimeUnit.SECONDS);
    return message == null
        ? "nothing"
        : message.getSubject() + " " + new String(message.getData(), UTF_8);
  }

  @Test
  void nobodyHearsTheLatticeItself() throws Exception {
    Host host = lattice.host();
    lattice.control.putConfig("all", Map.of("subscriptions", ">"));
    provider(host, "messaging-nats");
    lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 1);
    lattice.control.putLink(
        Link.of("messaging-nats", "somebody", "wasmcloud", "messaging", "handler")
            .withConfigs(List.of("all"), List.of()));
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(
                        lattice.control.inventory(host.id()).providers().stream()
                            .map(p -> String.valueOf(p.extra().get("wattle_link_errors")))
                            .toList()
                            .toString())
                    .contains("> has messages of the lattice itself"));
  }
}
