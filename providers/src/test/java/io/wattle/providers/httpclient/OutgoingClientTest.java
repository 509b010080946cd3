package io.wattle.providers.httpclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.wattle.lattice.http.RequestOptions;
import io.wattle.lattice.tls.CertificateAuthority;
import io.wattle.lattice.tls.ServerCertificate;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpError.Code;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.PipeAbortedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client against servers that behave, and against others. */
@Timeout(180)
class OutgoingClientTest {
  private static final String HELLO = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
  private static final RequestOptions USUAL =
      new RequestOptions(Optional.empty(), Optional.empty(), Optional.empty());
  private static final OutgoingClient CLIENT = OutgoingClient.open();

  @AfterAll
  static void close() {
    CLIENT.close();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofMinutes(2));
  }

  private static HttpRequest request(
      String method, String authority, Fields headers, HttpBody body) {
    return new HttpRequest(
        method, Optional.of("/a?b=c"), Optional.of("HTTP"), Optional.of(authority), headers, body);
  }

  private static CompletableFuture<HttpResponse> get(RawServer server) {
    return get(server.authority(), USUAL);
  }

  private static CompletableFuture<HttpResponse> get(String authority, RequestOptions options) {
    return CLIENT.send(request("GET", authority, Fields.EMPTY, HttpBody.empty()), options, soon());
  }

  private static String text(HttpResponse response) throws Exception {
    return new String(response.body().bytes().readAll(1 << 20, soon()), ISO_8859_1);
  }

  private static HttpError error(CompletableFuture<HttpResponse> response) throws Exception {
    try {
      HttpResponse answer = response.get(120, TimeUnit.SECONDS);
      throw new AssertionError("answered " + answer.status());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpErrorException known) {
        return known.error();
      }
      throw e;
    }
  }

  /** Why the body of an answer broke off. */
  private static HttpError brokenBody(CompletableFuture<HttpResponse> response) throws Exception {
    HttpResponse answer = response.get(120, TimeUnit.SECONDS);
    try {
      throw new AssertionError("the whole body: " + text(answer));
    } catch (PipeAbortedException e) {
      Throwable why = answer.body().trailers().exceptionNow();
      if (why instanceof HttpErrorException known) {
        return known.error();
      }
      throw new AssertionError(why);
    }
  }

  @Test
  void aRequestIsSentAsItIsAndItsAnswerComesWithTrailers() throws Exception {
    CompletableFuture<String> head = new CompletableFuture<>();
    try (RawServer server =
        new RawServer(
            connection -> {
              head.complete(connection.head());
              connection.say("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\nx-a: 1\r\nx-a: 2\r\n");
              connection.say("transfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n");
              connection.say("3\r\nabc\r\n2\r\nde\r\n0\r\nx-sum: 42\r\n\r\n");
              connection.awaitEnd();
            })) {
      Fields headers =
          new Fields(
              List.of(
                  Fields.Entry.of("x-mine", "yes"),
                  Fields.Entry.of("connection", "upgrade"),
                  Fields.Entry.of("host", "elsewhere")));
      HttpResponse answer =
          CLIENT
              .send(request("GET", server.authority(), headers, HttpBody.empty()), USUAL, soon())
              .get(120, TimeUnit.SECONDS);
      assertThat(head.join())
          .startsWith("GET /a?b=c HTTP/1.1\r\n")
          .containsIgnoringCase("host: " + server.authority())
          .contains("x-mine: yes")
          .doesNotContain("upgrade", "elsewhere", "chunked", "content-length");
      assertThat(answer.status()).isEqualTo(302);
      assertThat(answer.headers().entries().stream().map(line -> line.name() + line.text()))
          .contains("x-a1", "x-a2", "location/elsewhere")
          .doesNotContain("transfer-encodingchunked");
      assertThat(text(answer)).isEqualTo("abcde");
      Fields trailers = answer.body().trailers().get(120, TimeUnit.SECONDS).orElseThrow();
      assertThat(trailers.entries()).hasSize(1);
      assertThat(trailers.entries().getFirst().text()).isEqualTo("42");
    }
  }

  @Test
  void requestsHaveTrailersTooOneAfterTheOtherOnAConnection() throws Exception {
    try (RawServer server =
        new RawServer(
            connection -> {
              for (String end : List.of("0\r\nx-sum: 1\r\nx-sum: 2\r\n\r\n", "0\r\n\r\n")) {
                connection.head();
                String body = connection.take(("3\r\nabc\r\n" + end).length());
                connection.say("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n");
                connection.say(body);
              }
              connection.awaitEnd();
            })) {
      Fields trailers =
          new Fields(
              List.of(
                  Fields.Entry.of("x-sum", "1"),
                  Fields.Entry.of("transfer-encoding", "chunked"),
                  Fields.Entry.of("x-sum", "2")));
      for (Fields each : List.of(trailers, Fields.EMPTY)) {
        BytePipe up = new BytePipe();
        CompletableFuture<Optional<Fields>> last = new CompletableFuture<>();
        CompletableFuture<HttpResponse> answer =
            CLIENT.send(
                request("POST", server.authority(), Fields.EMPTY, new HttpBody(up, last)),
                USUAL,
                soon());
        up.write("abc".getBytes(ISO_8859_1), 0, 3, soon());
        up.close();
        last.complete(Optional.of(each));
        String sums = each.equals(trailers) ? "x-sum: 1\r\nx-sum: 2\r\n" : "";
        assertThat(text(answer.get(120, TimeUnit.SECONDS)))
            .isEqualTo("3\r\nabc\r\n0\r\n" + sums + "\r\n");
      }
    }
  }

  @Test
  void bodiesAreStreamedBothWaysAtOnce() throws Exception {
    try (RawServer server =
        new RawServer(
            connection -> {
              String head = connection.head();
              connection.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
              connection.say(head.contains("transfer-encoding: chunked") ? "1\r\ny\r\n" : "");
              for (int i = 0; i < 3; i++) {
                String chunk = connection.take("4\r\nping\r\n".length());
                connection.say(chunk);
              }
              connection.take("0\r\n\r\n".length());
              connection.say("0\r\n\r\n");
              connection.awaitEnd();
            })) {
      BytePipe up = new BytePipe();
      CompletableFuture<Optional<Fields>> trailers = new CompletableFuture<>();
      HttpResponse answer =
          CLIENT
              .send(
                  request("POST", server.authority(), Fields.EMPTY, new HttpBody(up, trailers)),
                  USUAL,
                  soon())
              .get(120, TimeUnit.SECONDS);
      BytePipe down = answer.body().bytes();
      byte[] buffer = new byte[16];
      assertThat(down.read(buffer, 0, 1, soon())).isEqualTo(1);
      for (int i = 0; i < 3; i++) {
        up.write("ping".getBytes(ISO_8859_1), 0, 4, soon());
        int got = 0;
        while (got < 4) {
          got += down.read(buffer, got, 4 - got, soon());
        }
        assertThat(new String(buffer, 0, 4, ISO_8859_1)).isEqualTo("ping");
      }
      trailers.complete(Optional.empty());
      up.close();
      assertThat(down.read(buffer, 0, 16, soon())).isEqualTo(-1);
    }
  }

  @Test
  void aSlowReaderHoldsTheServerBack() throws Exception {
    int megabytes = 64;
    CompletableFuture<Integer> written = new CompletableFuture<>();
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.head();
              connection.say(
                  "HTTP/1.1 200 OK\r\ncontent-length: " + (megabytes << 20) + "\r\n\r\n");
              String piece = "x".repeat(1 << 20);
              int done = 0;
              try {
                for (; done < megabytes; done++) {
                  connection.say(piece);
                }
              } finally {
                written.complete(done);
              }
            })) {
      HttpResponse answer = get(server).get(120, TimeUnit.SECONDS);
      byte[] buffer = new byte[1 << 16];
      BytePipe body = answer.body().bytes();
      assertThat(body.read(buffer, 0, buffer.length, soon())).isPositive();
      body.abort("enough");
      assertThat(written.get(120, TimeUnit.SECONDS))
          .as("megabytes that the sockets and the pipe held, not all")
          .isLessThan(megabytes);
    }
  }

  @Test
  void whatIsNotHttpIsToldApart() throws Exception {
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.head();
              connection.say("220 mail.example.com ESMTP\r\n\r\n");
              connection.awaitEnd();
            })) {
      assertThat(error(get(server)).code()).isEqualTo(Code.HTTP_PROTOCOL_ERROR);
    }
    String long1 = "x".repeat(200_000);
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.head();
              connection.say("HTTP/1.1 200 OK\r\nlong: " + long1 + "\r\n\r\n");
              connection.awaitEnd();
            })) {
      assertThat(error(get(server)).code()).isEqualTo(Code.HTTP_RESPONSE_HEADER_SECTION_SIZE);
    }
  }

  @Test
  void aConnectionThatEndsTooEarlyIsToldApart() throws Exception {
    try (RawServer server = new RawServer(RawServer.Connection::head)) {
      assertThat(error(get(server)).code()).isEqualTo(Code.CONNECTION_TERMINATED);
    }
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.head();
              connection.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
            })) {
      assertThat(brokenBody(get(server)).code()).isEqualTo(Code.HTTP_RESPONSE_INCOMPLETE);
    }
    // Bound and not listening: nobody else can have the port.
    try (Socket unused = new Socket()) {
      unused.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String nobody = "127.0.0.1:" + unused.getLocalPort();
      assertThat(error(get(nobody, USUAL)).code()).isEqualTo(Code.CONNECTION_REFUSED);
    }
  }

  @Test
  void eachTimeoutHasItsName() throws Exception {
    Optional<Duration> brief = Optional.of(Duration.ofMillis(100));
    try (RawServer silent = new RawServer(RawServer.Connection::hang);
        RawServer half =
            new RawServer(
                connection -> {
                  connection.head();
                  connection.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                  connection.hang();
                })) {
      RequestOptions firstByte = new RequestOptions(Optional.empty(), brief, Optional.empty());
      assertThat(error(get(silent.authority(), firstByte)).code())
          .isEqualTo(Code.CONNECTION_READ_TIMEOUT);
      RequestOptions between = new RequestOptions(Optional.empty(), Optional.empty(), brief);
      assertThat(brokenBody(get(half.authority(), between)).code())
          .isEqualTo(Code.CONNECTION_READ_TIMEOUT);
      HttpRequest request = request("GET", silent.authority(), Fields.EMPTY, HttpBody.empty());
      assertThat(error(CLIENT.send(request, USUAL, Deadline.in(Duration.ofMillis(100)))).code())
          .isEqualTo(Code.HTTP_RESPONSE_TIMEOUT);
      BytePipe endless = new BytePipe(1 << 20);
      CompletableFuture<Optional<Fields>> never = new CompletableFuture<>();
      CompletableFuture<HttpResponse> stuck =
          CLIENT.send(
              request("POST", silent.authority(), Fields.EMPTY, new HttpBody(endless, never)),
              between,
              soon());
      Thread.ofVirtual()
          .start(
              () -> {
                byte[] data = new byte[1 << 16];
                try {
                  while (!stuck.isDone()) {
                    endless.write(data, 0, data.length, soon());
                  }
                } catch (Exception over) {
                  // aborted, as it should be
                }
              });
      assertThat(error(stuck).code()).isEqualTo(Code.CONNECTION_WRITE_TIMEOUT);
      assertThat(endless.abortReason()).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, HTTP, '', HTTP_REQUEST_URI_INVALID",
    "GET, HTTP, 'a:0', HTTP_REQUEST_URI_INVALID",
    "GET, HTTP, 'me@a', HTTP_REQUEST_URI_INVALID",
    "GET, HTTP, '[::1', HTTP_REQUEST_URI_INVALID",
    "GET, gopher, a, HTTP_PROTOCOL_ERROR",
    "CONNECT, HTTP, a, HTTP_REQUEST_METHOD_INVALID"
  })
  void whatCannotBeSentIsRefused(String method, String scheme, String authority, Code code)
      throws Exception {
    HttpRequest request =
        new HttpRequest(
            method,
            Optional.empty(),
            Optional.of(scheme),
            Optional.of(authority),
            Fields.EMPTY,
            HttpBody.empty());
    assertThat(error(CLIENT.send(request, USUAL, soon())).code()).isEqualTo(code);
  }

  @Test
  void aBodyThatIsNotWhatItSaidIsNotSentAsWhole() throws Exception {
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.head();
              connection.awaitEnd();
            })) {
      Fields announced = new Fields(List.of(Fields.Entry.of("content-length", "3")));
      for (String wrong : List.of("ab", "abcd")) {
        HttpBody body = HttpBody.of(wrong.getBytes(ISO_8859_1));
        HttpError error =
            error(CLIENT.send(request("POST", server.authority(), announced, body), USUAL, soon()));
        assertThat(error.code()).isEqualTo(Code.HTTP_REQUEST_BODY_SIZE);
        assertThat(error.detail())
            .isEqualTo(new HttpError.BodySize(Optional.of((long) wrong.length())));
      }
      // With a length there is no place for trailers.
      Fields trailers = new Fields(List.of(Fields.Entry.of("x-sum", "1")));
      HttpBody body =
          new HttpBody(
              BytePipe.of(new byte[3]), CompletableFuture.completedFuture(Optional.of(trailers)));
      HttpError error =
          error(CLIENT.send(request("POST", server.authority(), announced, body), USUAL, soon()));
      assertThat(error.detail().toString())
          .contains("only bodies that are sent in pieces have trailers");
    }
  }

  @Test
  void namesThatNobodyKnowsAreToldFromNameServersThatSayNothing() throws Exception {
    try (TinyDns knowing = new TinyDns(3);
        TinyDns silent = new TinyDns(-1)) {
      HttpError unknown = lookup(knowing, Duration.ofMinutes(1));
      assertThat(unknown.code()).isEqualTo(Code.DNS_ERROR);
      assertThat(unknown.detail())
          .isEqualTo(new HttpError.Dns(Optional.of("NXDOMAIN"), Optional.empty()));
      assertThat(lookup(silent, Duration.ofMillis(300)).code()).isEqualTo(Code.DNS_TIMEOUT);
    }
  }

  private static HttpError lookup(TinyDns dns, Duration patience) throws Exception {
    AddressResolverOptions resolver =
        new AddressResolverOptions()
            .addServer(dns.address())
            .setQueryTimeout(patience.toMillis())
            .setMaxQueries(2)
            .setSearchDomains(List.of());
    try (OutgoingClient client =
        new OutgoingClient(
            new VertxOptions().setEventLoopPoolSize(1).setAddressResolverOptions(resolver),
            Optional.<Path>empty())) {
      HttpRequest request = request("GET", "nobody.example.com", Fields.EMPTY, HttpBody.empty());
      return error(client.send(request, USUAL, soon()));
    }
  }

  @Test
  void whomItTrustsIsSaid(@TempDir Path dir) throws Exception {
    CertificateAuthority authority = CertificateAuthority.open(dir, Instant.now());
    ServerCertificate files = authority.issue(dir, List.of("127.0.0.1"), Instant.now());
    Vertx vertx = Vertx.vertx();
    try (RawServer plain =
            new RawServer(
                connection -> {
                  connection.take(5);
                  connection.say("HTTP/1.1 400 Bad Request\r\n\r\n");
                  connection.awaitEnd();
                });
        OutgoingClient trusting = OutgoingClient.open(Optional.of(dir.resolve("ca.pem")))) {
      HttpServerOptions tls =
          new HttpServerOptions()
              .setSsl(true)
              .setKeyCertOptions(
                  new PemKeyCertOptions()
                      .addCertPath(files.chain().toString())
                      .addKeyPath(files.key().toString()));
      int port =
          vertx
              .createHttpServer(tls)
              .requestHandler(request -> request.response().end("secret"))
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(2, TimeUnit.MINUTES)
              .actualPort();
      String secure = "127.0.0.1:" + port;
      assertThat(text(trusting.send(https(secure), USUAL, soon()).get(2, TimeUnit.MINUTES)))
          .isEqualTo("secret");
      assertThat(error(CLIENT.send(https(secure), USUAL, soon())).code())
          .isEqualTo(Code.TLS_CERTIFICATE_ERROR);
      assertThat(error(CLIENT.send(https(plain.authority()), USUAL, soon())).code())
          .isEqualTo(Code.TLS_PROTOCOL_ERROR);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(2, TimeUnit.MINUTES);
    }
  }

  @Test
  void trustIsTheMachines(@TempDir Path dir) throws Exception {
    Path bundle = Files.createFile(dir.resolve("bundle.pem"));
    List<Path> bundles = List.of(dir.resolve("none.pem"), bundle);
    Properties none = new Properties();
    Properties java = new Properties();
    java.setProperty("javax.net.ssl.trustStore", "cacerts");
    assertThat(SystemTrust.file(Map.of(), none, bundles)).contains(bundle);
    assertThat(SystemTrust.file(Map.of(), java, bundles)).isEmpty();
    assertThat(SystemTrust.file(Map.of("SSL_CERT_FILE", "/mine.pem"), java, bundles))
        .contains(Path.of("/mine.pem"));
  }

  private static HttpRequest https(String authority) {
    return new HttpRequest(
        "GET",
        Optional.empty(),
        Optional.empty(), // https is what a request without scheme has
        Optional.of(authority),
        Fields.EMPTY,
        HttpBody.empty());
  }

  @Test
  void moreThanThereIsRoomForIsRefusedAndRoomComesBack() throws Exception {
    try (RawServer silent = new RawServer(RawServer.Connection::hang);
        RawServer answering =
            new RawServer(
                connection -> {
                  connection.head();
                  connection.say(HELLO);
                  connection.awaitEnd();
                });
        OutgoingClient own = OutgoingClient.open()) {
      List<CompletableFuture<HttpResponse>> all = new ArrayList<>();
      for (int i = 0; i < OutgoingClient.MOST; i++) {
        all.add(
            own.send(
                request("GET", silent.authority(), Fields.EMPTY, HttpBody.empty()), USUAL, soon()));
      }
      HttpRequest oneMore = request("GET", answering.authority(), Fields.EMPTY, HttpBody.empty());
      assertThat(error(own.send(oneMore, USUAL, soon())).code())
          .isEqualTo(Code.CONNECTION_LIMIT_REACHED);
      all.forEach(waiting -> waiting.cancel(false));
      await().atMost(Duration.ofMinutes(2)).until(() -> own.running() == 0);
      HttpRequest again = request("GET", answering.authority(), Fields.EMPTY, HttpBody.empty());
      assertThat(text(own.send(again, USUAL, soon()).get(120, TimeUnit.SECONDS)))
          .isEqualTo("hello");
    }
  }
}
