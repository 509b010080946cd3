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
import java.nio.file.Files;
import java.nio.file.Path;
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
    lattice.control.putConfig("elsewhere", Map.of("allowed_hosts", "example.com"));
    lattice.control.putLink(
        Link.of("http-toolbox", "http-client", "wasi", "http", "outgoing-handler")
            .withConfigs(List.of(), List.of("elsewhere")));
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(web.get(out + "request").body()).contains("HttpRequestDenied"));
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
      lattice.connection.nats().flush(LONG);
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
  void blobsAreKeptInFiles() throws Exception {
    Host host = lattice.host();
    Path there = dir.resolve("there");
    String url = serve(host, "http-blobs");
    assertThat(web.send("PUT", url + "c", ""))
        .contains("no link from http-blobs for wasi:blobstore/blobstore");
    provider(lattice.host(), "blobstore-fs");
    blobs("blobstore-fs", there);
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(web.send("PUT", url + "c", "")).isEqualTo("c"));
    String text = "0123456789".repeat(100_000);
    assertThat(web.send("PUT", url + "c/a/b", text)).isEqualTo("wrote 1000000");
    assertThat(there.resolve("c/a/b")).hasContent(text);
    assertThat(web.get(url + "c/a/b").body()).isEqualTo(text);
    assertThat(web.get(url + "c/a/b?do=sync").body()).isEqualTo(text);
    HttpResponse<String> part = web.get(url + "c/a/b?start=3&end=5");
    assertThat(part.body()).isEqualTo("345");
    assertThat(part.headers().firstValue("x-size")).contains("3");
    assertThat(web.get(url + "c/a/b?start=999998").body()).isEqualTo("89");
    assertThat(web.get(url + "c/a/b?start=2000000").body()).isEmpty();
    assertThat(web.get(url + "c/a/b?start=5&end=4").body()).contains("start 5 is behind end 4");
    assertThat(web.send("PUT", url + "c/a/b?do=half", "other")).isEqualTo("left");
    assertThat(web.get(url + "c/a/b?start=0&end=2").body())
        .as("what was not finished has changed nothing")
        .isEqualTo("012");
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(there.resolve(".wattle-unfinished")).isEmptyDirectory());
    objectsAreNamedCopiedAndDeleted(url);
    nothingLeadsOut(url, there);
    anotherStoreTakesItsPlace(host, url);
  }

  private void objectsAreNamedCopiedAndDeleted(String url) throws Exception {
    assertThat(web.send("PUT", url + "d", "")).isEqualTo("d");
    assertThat(web.send("POST", url + "c/a/b?do=copy&to=d/x", "")).isEqualTo("done");
    assertThat(web.send("POST", url + "c/a/b?do=move&to=d/y/z", "")).isEqualTo("done");
    assertThat(web.send("POST", url + "c/a/b?do=has", "")).isEqualTo("false");
    assertThat(web.get(url + "c/a/b").body()).contains("no object c/a/b");
    assertThat(web.send("POST", url + "d/y/z?do=info", "")).isEqualTo("d/y/z 1000000");
    for (int i = 0; i < 5; i++) {
      assertThat(web.send("PUT", url + "d/n" + i, "")).isEqualTo("wrote 0");
    }
    assertThat(web.get(url + "d?page=2").body().strip()).isEqualTo("n0 n1 n2 n3 n4 x y/z");
    assertThat(web.send("POST", url + "d?do=delete-many&name=n0&name=n1&name=none", ""))
        .isEqualTo("deleted");
    assertThat(web.send("DELETE", url + "d/n2", "")).isEqualTo("deleted");
    assertThat(web.get(url + "d").body().strip()).isEqualTo("n3 n4 x y/z");
    assertThat(web.send("POST", url + "d?do=info", "")).isEqualTo("d true");
    assertThat(web.send("POST", url + "d?do=clear", "")).isEqualTo("cleared");
    assertThat(web.get(url + "d").body().strip()).isEmpty();
    assertThat(web.send("DELETE", url + "d", "")).isEqualTo("deleted");
    assertThat(web.send("POST", url + "d?do=has", "")).isEqualTo("false");
  }

  private void nothingLeadsOut(String url, Path root) throws Exception {
    Path secret = Files.writeString(dir.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("c/link"), secret);
    Files.createSymbolicLink(root.resolve("c/up"), dir);
    Files.createSymbolicLink(root.resolve("linked"), dir);
    for (String name : List.of("../../secret", "../c/link", "a//b", "./a", "a/", "up/../secret")) {
      String path = url + "c/" + name.replace("/", "%2f");
      assertThat(web.get(path).body()).as(name).contains("expected: a name without ..");
      assertThat(web.send("PUT", path, "x")).as(name).contains("expected: a name without ..");
    }
    for (String name : List.of("c/link", "c/up/secret", "linked/secret")) {
      assertThat(web.get(url + name).body()).as(name).contains("a symbolic link is on its way");
      assertThat(web.send("PUT", url + name, "x")).contains("a symbolic link is on its way");
    }
    assertThat(web.send("PUT", url + "..%2f", "")).contains("expected: a name without ..");
    assertThat(web.send("PUT", url + ".wattle-unfinished", "")).contains("expected: a name");
    assertThat(web.get(url + "c").body()).doesNotContain("link", "secret");
    assertThat(web.send("DELETE", url + "c", "")).isEqualTo("deleted");
    assertThat(secret).hasContent("secret");
  }

  private void anotherStoreTakesItsPlace(Host host, String url) throws Exception {
    lattice.control.deleteLink(
        LinkKey.of(Link.of("http-blobs", "blobstore-fs", "wasi", "blobstore", "blobstore")));
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), "blobs-here", "wattle://blobstore-fs"));
    Path here = dir.resolve("here");
    blobs("blobs-here", here);
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(web.send("PUT", url + "e", "")).isEqualTo("e"));
    assertThat(web.send("PUT", url + "e/f", "x".repeat(200_000))).isEqualTo("wrote 200000");
    assertThat(web.get(url + "e/f").body()).hasSize(200_000);
    assertThat(here.resolve("e/f")).hasSize(200_000);
  }

  private void blobs(String provider, Path root) throws Exception {
    lattice.control.putConfig(provider, Map.of("root", root.toString()));
    lattice.control.putLink(
        Link.of("http-blobs", provider, "wasi", "blobstore", "blobstore")
            .withConfigs(List.of(), List.of(provider)));
  }

  @Test
  void nobodyHearsTheLatticeItself() throws Exception {
    Host host = lattice.host();
    lattice.control.putConfig("all", Map.of("subscriptions", "a, >"));
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
