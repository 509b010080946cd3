package io.wattle.providers.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.http.HttpCodec;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HttpServerProviderTest {
  private static final String PROVIDER = "httpserver";
  private static final Deadline SOON = Deadline.in(Duration.ofMinutes(20));
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final BlockingQueue<HttpRequest> seen = new LinkedBlockingQueue<>();
  private @Nullable Provider provider;

  @AfterEach
  void stop() {
    stopProvider();
    client.close();
  }

  private void stopProvider() {
    if (provider != null) {
      provider.close();
    }
  }

  /** What plays the component: it answers a request or fails. */
  private interface Component {
    HttpResponse answer(HttpRequest request) throws Exception;
  }

  private Provider start(Map<String, String> config, Component component) throws Exception {
    CallHandler calls = request -> answer(component, request);
    Provider started =
        new HttpServerFactory()
            .start(
                new ProviderContext(
                    PROVIDER,
                    NATS.lattice(),
                    "NHOST",
                    config,
                    calls,
                    NATS.connect().nats(),
                    new SimpleMeterRegistry(),
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(1)));
    provider = started;
    return started;
  }

  private io.wattle.lattice.call.CallReply answer(Component component, CallRequest call)
      throws CallException, InterruptedException {
    try {
      HttpRequest request = HttpCodec.readIncoming(call);
      seen.add(request);
      return HttpCodec.reply(component.answer(request));
    } catch (CallException | InterruptedException e) {
      throw e;
    } catch (io.wattle.wit.http.HttpErrorException e) {
      return HttpCodec.reply(e.error());
    } catch (Exception e) {
      throw new CallException(CallException.Kind.FAILED, e.toString(), e);
    }
  }

  private static ProviderLink link(String target, Map<String, String> config) {
    return new ProviderLink(
        PROVIDER, target, "default", "wasi", "http", List.of("incoming-handler"), config, Map.of());
  }

  private String serve(Component component) throws Exception {
    Provider started = start(Map.of(), component);
    started.putLink(link("hello", Map.of("address", "127.0.0.1:0")));
    return started.endpoints().getFirst();
  }

  private static HttpResponse text(String body) {
    return new HttpResponse(
        200,
        new Fields(List.of(Fields.Entry.of("content-type", "text/plain"))),
        HttpBody.of(body.getBytes(UTF_8)));
  }

  private java.net.http.HttpRequest.Builder to(String url) {
    return java.net.http.HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(90));
  }

  private java.net.http.HttpResponse<String> get(String url) throws Exception {
    return client.send(to(url).build(), BodyHandlers.ofString());
  }

  @Test
  void aRequestReachesTheLinkedComponentAsItWasSent() throws Exception {
    String url = serve(request -> text("hi\n"));
    java.net.http.HttpResponse<String> answer =
        client.send(
            to(url + "a/b?c=d").header("X-One", "1").POST(BodyPublishers.ofString("body")).build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hi\n");
    assertThat(answer.headers().firstValue("content-type")).contains("text/plain");
    HttpRequest request = Objects.requireNonNull(seen.poll(90, TimeUnit.SECONDS));
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.pathWithQuery()).contains("/a/b?c=d");
    assertThat(request.scheme()).contains("HTTP");
    assertThat(request.authority()).contains(URI.create(url).getAuthority());
    assertThat(request.headers().entries())
        .anyMatch(e -> e.name().equals("x-one") && e.text().equals("1"));
    assertThat(request.body().bytes().readAll(100, SOON)).isEqualTo("body".getBytes(UTF_8));
  }

  /** More than all buffers on the way hold together. */
  private static final long LARGE = 64L << 20;

  @Test
  void aLargeBodyComesInPieceByPiece() throws Exception {
    String url = serve(request -> text(Long.toString(count(request.body().bytes()))));
    InputStream zeros =
        new InputStream() {
          private long left = LARGE;

          @Override
          public int read() {
            return left-- > 0 ? 7 : -1;
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            if (left <= 0) {
              return -1;
            }
            int n = (int) Math.min(length, left);
            left -= n;
            return n;
          }
        };
    java.net.http.HttpResponse<String> answer =
        client.send(
            to(url).POST(BodyPublishers.ofInputStream(() -> zeros)).build(),
            BodyHandlers.ofString());
    assertThat(answer.body()).isEqualTo(Long.toString(LARGE));
  }

  private static long count(BytePipe pipe) throws Exception {
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    for (int n = pipe.read(buffer, 0, buffer.length, SOON);
        n >= 0;
        n = pipe.read(buffer, 0, buffer.length, SOON)) {
      total += n;
    }
    return total;
  }

  @Test
  void aLargeBodyGoesOutAsFastAsTheClientTakesIt() throws Exception {
    BytePipe pipe = new BytePipe();
    CompletableFuture<Optional<Fields>> trailers =
        CompletableFuture.completedFuture(Optional.empty());
    String url =
        serve(request -> new HttpResponse(200, Fields.EMPTY, new HttpBody(pipe, trailers)));
    Thread writer = Thread.ofVirtual().start(() -> fill(pipe));
    long read = 0;
    try (InputStream body = client.send(to(url).build(), BodyHandlers.ofInputStream()).body()) {
      byte[] buffer = new byte[1 << 16];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        read += n;
      }
    }
    assertThat(read).isEqualTo(LARGE);
    assertThat(writer.join(Duration.ofSeconds(90))).isTrue();
  }

  private static void fill(BytePipe pipe) {
    byte[] piece = new byte[1 << 16];
    try {
      for (long written = 0; written < LARGE; written += piece.length) {
        pipe.write(piece, 0, piece.length, SOON);
      }
      pipe.close();
    } catch (Exception e) {
      pipe.abort(e.toString());
    }
  }

  @Test
  void theFirstByteLeavesBeforeTheLastIsWritten() throws Exception {
    BytePipe pipe = new BytePipe();
    CompletableFuture<Optional<Fields>> trailers =
        CompletableFuture.completedFuture(Optional.empty());
    String url =
        serve(request -> new HttpResponse(200, Fields.EMPTY, new HttpBody(pipe, trailers)));
    pipe.write(new byte[] {'a'}, 0, 1, SOON);
    java.net.http.HttpResponse<InputStream> answer =
        client.send(to(url).build(), BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      assertThat(body.read()).isEqualTo('a');
      pipe.write(new byte[] {'b'}, 0, 1, SOON);
      assertThat(body.read()).isEqualTo('b');
      pipe.close();
      assertThat(body.read()).isEqualTo(-1);
    }
  }

  @Test
  void aBodyThatBreaksOffIsNotTakenForWhole() throws Exception {
    BytePipe pipe = new BytePipe();
    String url =
        serve(
            request ->
                new HttpResponse(200, Fields.EMPTY, new HttpBody(pipe, new CompletableFuture<>())));
    pipe.write(new byte[] {'a'}, 0, 1, SOON);
    java.net.http.HttpResponse<InputStream> answer =
        client.send(to(url).build(), BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      assertThat(body.read()).isEqualTo('a');
      pipe.abort("the component trapped");
      assertThatThrownBy(body::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aClientThatLeavesAbortsTheBody() throws Exception {
    BytePipe pipe = new BytePipe();
    String url =
        serve(
            request ->
                new HttpResponse(200, Fields.EMPTY, new HttpBody(pipe, new CompletableFuture<>())));
    pipe.write(new byte[] {'a'}, 0, 1, SOON);
    try (InputStream body = client.send(to(url).build(), BodyHandlers.ofInputStream()).body()) {
      assertThat(body.read()).isEqualTo('a');
    }
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              try {
                pipe.tryWrite(new byte[100], 0, 100);
              } catch (IOException gone) {
                return true;
              }
              return false;
            });
  }

  @Test
  void everyFailureHasItsStatusAndItsCause() throws Exception {
    for (CallException.Kind kind : CallException.Kind.values()) {
      String url =
          serve(
              request -> {
                throw new CallException(kind, "because " + kind);
              });
      java.net.http.HttpResponse<String> answer = get(url);
      assertThat(answer.statusCode()).isEqualTo(kind.httpStatus());
      assertThat(answer.body()).isEqualTo("because " + kind + "\n");
      assertThat(answer.headers().firstValue("Retry-After").isPresent())
          .isEqualTo(kind.httpStatus() == 503);
      stopProvider();
    }
    String url =
        serve(
            request -> {
              throw new io.wattle.wit.http.HttpErrorException(HttpError.internal("boom"));
            });
    assertThat(get(url).body()).contains("internal-error").contains("boom");
  }

  @Test
  void aTimeoutOfTheLinkIs408() throws Exception {
    Provider started =
        start(
            Map.of(),
            request -> {
              throw new CallException(CallException.Kind.TIMEOUT, "too slow");
            });
    started.putLink(link("slow", Map.of("address", "127.0.0.1:0", "TIMEOUT_MS", "50")));
    assertThat(get(started.endpoints().getFirst()).statusCode()).isEqualTo(408);
  }

  @Test
  void pathsLeadToTheirComponents() throws Exception {
    Provider started =
        start(
            Map.of("routing_mode", "path", "default_address", "127.0.0.1:0"),
            request -> text(request.pathWithQuery().orElse("")));
    started.putLink(link("one", Map.of("path", "/one")));
    started.putLink(link("all", Map.of("path", "/api/*")));
    String url = started.endpoints().getFirst();
    assertThat(get(url + "one?x=1").statusCode()).isEqualTo(200);
    assertThat(get(url + "api/deep/er").statusCode()).isEqualTo(200);
    assertThat(get(url + "apis").statusCode()).isEqualTo(404);
    assertThat(get(url + "one/two").statusCode()).isEqualTo(404);
    started.deleteLink(link("one", Map.of()).key());
    assertThat(get(url + "one").statusCode()).isEqualTo(404);
    assertThatThrownBy(() -> started.putLink(link("none", Map.of())))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("path");
  }

  @Test
  void readonlyRefusesWhatWritesAndCacheControlIsAdded() throws Exception {
    Provider started = start(Map.of(), request -> text("ok"));
    started.putLink(
        link(
            "ro",
            Map.of(
                "address", "127.0.0.1:0", "readonly_mode", "true", "cache_control", "no-store")));
    String url = started.endpoints().getFirst();
    assertThat(get(url).headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(
            client
                .send(to(url).POST(BodyPublishers.ofString("x")).build(), BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void aPortThatIsTakenIsNamedAndNothingIsLeftBehind() throws Exception {
    Provider started = start(Map.of(), request -> text("ok"));
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThatThrownBy(() -> started.putLink(link("late", Map.of("address", address))))
          .isInstanceOf(LinkException.class)
          .hasMessageContaining(address)
          .hasMessageContaining("another address");
      assertThat(started.endpoints()).isEmpty();
    }
  }

  @Test
  void aLinkThatMovesToAnotherAddressLeavesTheFirst() throws Exception {
    Provider started = start(Map.of(), request -> text("ok"));
    started.putLink(link("hello", Map.of("address", "127.0.0.1:0")));
    String first = started.endpoints().getFirst();
    started.putLink(link("hello", Map.of("address", another())));
    assertThat(started.endpoints()).hasSize(1);
    assertThatThrownBy(() -> get(first)).isInstanceOf(IOException.class);
  }

  /** IPv6 where it is there. */
  private static String another() {
    byte[] loopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    try (ServerSocket six = new ServerSocket(0, 1, java.net.InetAddress.getByAddress(loopback))) {
      return six.isBound() ? "[::1]:0" : "127.0.0.2:0";
    } catch (IOException e) {
      return "127.0.0.2:0";
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedByName() throws Exception {
    Provider started = start(Map.of(), request -> text("ok"));
    for (Map<String, String> config :
        List.of(
            Map.of("address", "8080"),
            Map.of("address", "127.0.0.1:99999"),
            Map.of("timeout_ms", "soon"),
            Map.of("cors_allowed_origins", "*"),
            Map.of("tls_cert_file", "/x"))) {
      String key = config.keySet().iterator().next();
      assertThatThrownBy(() -> started.putLink(link("x", config)))
          .isInstanceOf(LinkException.class)
          .hasMessageContaining(key)
          .hasMessageContaining("expected");
    }
  }
}
