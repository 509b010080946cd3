package io.wattle.providers.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.lattice.call.CallException;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that come when they come, on another thread than the request. */
@Timeout(300)
class StandaloneServerTest {
  private final BlockingQueue<PendingResponse> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<io.wattle.wit.http.HttpRequest> requests =
      new LinkedBlockingQueue<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private StandaloneServer server;

  @BeforeEach
  void open() throws Exception {
    server =
        StandaloneServer.open(
            "127.0.0.1:0",
            "test",
            request -> {
              requests.add(request);
              PendingResponse pending =
                  new PendingResponse(new CompletableFuture<>(), cancelled::countDown);
              asked.add(pending);
              return pending;
            },
            Duration.ofSeconds(90));
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private CompletableFuture<java.net.http.HttpResponse<String>> get() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url())).timeout(Duration.ofSeconds(90)).build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse> next() throws InterruptedException {
    PendingResponse pending = asked.poll(90, TimeUnit.SECONDS);
    assertThat(pending).isNotNull();
    return pending.response();
  }

  @Test
  void aBodyThatIsWholeIsSentWithItsLength() throws Exception {
    var answer = get();
    next().complete(new HttpResponse(200, Fields.EMPTY, HttpBody.of("whole".getBytes(UTF_8))));
    var received = answer.get(90, TimeUnit.SECONDS);
    assertThat(received.body()).isEqualTo("whole");
    assertThat(received.headers().firstValue("content-length")).hasValue("5");
    assertThat(received.headers().firstValue("transfer-encoding")).isEmpty();
  }

  @Test
  void aBodyThatIsStillWrittenAndOneWithTrailersGoInPieces() throws Exception {
    BytePipe pipe = new BytePipe();
    var trailers = new CompletableFuture<Optional<Fields>>();
    var streamed = get();
    next().complete(new HttpResponse(200, Fields.EMPTY, new HttpBody(pipe, trailers)));
    pipe.tryWrite("streamed".getBytes(UTF_8), 0, 8);
    trailers.complete(Optional.empty());
    pipe.close();
    assertThat(streamed.get(90, TimeUnit.SECONDS).body()).isEqualTo("streamed");

    var announced = get();
    Optional<Fields> sum = Optional.of(new Fields(List.of(Fields.Entry.of("x-sum", "42"))));
    HttpBody body =
        new HttpBody(
            BytePipe.of("with trailers".getBytes(UTF_8)), CompletableFuture.completedFuture(sum));
    next().complete(new HttpResponse(200, Fields.EMPTY, body));
    var received = announced.get(90, TimeUnit.SECONDS);
    assertThat(received.body()).isEqualTo("with trailers");
    assertThat(received.headers().firstValue("transfer-encoding")).hasValue("chunked");
  }

  @Test
  void failuresOfFuturesThatDependOnOthersHaveTheirStatusToo() throws Exception {
    var busy = get();
    next()
        .completeExceptionally(
            new CompletionException(new CallException(CallException.Kind.BUSY, "no room")));
    var received = busy.get(90, TimeUnit.SECONDS);
    assertThat(received.statusCode()).isEqualTo(503);
    assertThat(received.body()).isEqualTo("no room\n");

    var broken = get();
    next().completeExceptionally(new StackOverflowError("made to fail"));
    assertThat(broken.get(90, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
  }

  @Test
  void whoAnswersLearnsThatTheClientIsGone() throws Exception {
    URI url = URI.create(server.url());
    CompletableFuture<HttpResponse> response;
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
      response = next();
    }
    assertThat(cancelled.await(90, TimeUnit.SECONDS)).isTrue();
    BytePipe pipe = new BytePipe();
    response.complete(
        new HttpResponse(200, Fields.EMPTY, new HttpBody(pipe, new CompletableFuture<>())));
    CountDownLatch aborted = new CountDownLatch(1);
    pipe.onAbort(aborted::countDown);
    assertThat(aborted.await(90, TimeUnit.SECONDS)).isTrue();
  }

  /** Sends bytes and answers what comes back until the server closes the connection. */
  private String closedAfter(String request) throws Exception {
    URI url = URI.create(server.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(90_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void whatOthersMayUnderstandOtherwiseIsRefused() throws Exception {
    String post = "POST / HTTP/1.1\r\n";
    assertThat(closedAfter(post + "\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("Host: 0 of them (expected: one)");
    assertThat(closedAfter(post + "Host: a\r\nHost: b\r\n\r\n")).contains("Host: 2 of them");
    String smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    assertThat(closedAfter(post + "Host: a\r\nTransfer-Encoding: xchunked\r\n\r\n" + smuggled))
        .contains("Transfer-Encoding: \"xchunked\" (expected: chunked)")
        .containsOnlyOnce("HTTP/1.1");
    assertThat(
            closedAfter(
                post
                    + "Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + smuggled))
        .containsOnlyOnce("HTTP/1.1 400 ");
    assertThat(requests).isEmpty();
  }

  @Test
  void whoWaitsToBeAskedForItsBodyIsAsked() throws Exception {
    URI url = URI.create(server.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(90_000);
      String head =
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(UTF_8));
      byte[] goOn = "HTTP/1.1 100 Continue\r\n".getBytes(UTF_8);
      assertThat(socket.getInputStream().readNBytes(goOn.length)).isEqualTo(goOn);
      socket.getOutputStream().write("ab".getBytes(UTF_8));
      io.wattle.wit.http.HttpRequest seen = requests.poll(90, TimeUnit.SECONDS);
      assertThat(seen).isNotNull();
      assertThat(seen.body().bytes().readAll(10, Deadline.in(Duration.ofSeconds(90))))
          .isEqualTo("ab".getBytes(UTF_8));
      next().complete(new HttpResponse(200, Fields.EMPTY, HttpBody.empty()));
    }
  }

  @Test
  void aStatusThatOnlyAnnouncesAResponseIsNone() throws Exception {
    var answer = get();
    next().complete(new HttpResponse(101, Fields.EMPTY, HttpBody.of("x".getBytes(UTF_8))));
    var received = answer.get(90, TimeUnit.SECONDS);
    assertThat(received.statusCode()).isEqualTo(500);
    assertThat(received.body())
        .isEqualTo("the component answered with status 101 (expected: 200 to 999)\n");
  }

  @Test
  void anErrorIsSaidInWords() throws Exception {
    var answer = get();
    next().completeExceptionally(new HttpErrorException(HttpError.internal("asked to")));
    assertThat(answer.get(90, TimeUnit.SECONDS).body())
        .isEqualTo("the component answered with internal-error: asked to\n");
  }

  @Test
  void aWholeUriIsAPathAndItsHost() throws Exception {
    URI url = URI.create(server.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String request = "GET http://other:81/a?b=c HTTP/1.1\r\nHost: ignored\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      io.wattle.wit.http.HttpRequest seen = requests.poll(90, TimeUnit.SECONDS);
      assertThat(seen).isNotNull();
      assertThat(seen.pathWithQuery()).hasValue("/a?b=c");
      assertThat(seen.authority()).hasValue("other:81");
      next().complete(new HttpResponse(200, Fields.EMPTY, HttpBody.empty()));
    }
  }

  @Test
  void trailersGoWithTheirRequest() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: a\r\n";
    String pieces = head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
    URI url = URI.create(server.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String all =
          pieces
              + "0\r\nx-sum: 1\r\nX-Sum: 2\r\nConnection: close\r\n\r\n"
              + pieces
              + "0\r\n\r\n"
              + head
              + "Content-Length: 3\r\n\r\nabc"
              + pieces
              + "0\r\nx-sum: 4\r\n\r\n";
      socket.getOutputStream().write(all.getBytes(UTF_8));
      for (String sums : List.of("1 2", "", "", "4")) {
        io.wattle.wit.http.HttpRequest request = requests.poll(90, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        Optional<Fields> trailers = request.body().trailers().get(90, TimeUnit.SECONDS);
        assertThat(trailers.map(Fields::entries).orElse(List.of()))
            .allSatisfy(entry -> assertThat(entry.name()).isEqualTo("x-sum"))
            .extracting(Fields.Entry::text)
            .containsExactly(sums.isEmpty() ? new String[0] : sums.split(" "));
        next().complete(new HttpResponse(200, Fields.EMPTY, HttpBody.of("ok".getBytes(UTF_8))));
      }
    }
  }

  @Test
  void closingWaitsForWhatIsStillToBeAnswered() throws Exception {
    Exchanges exchanges = new Exchanges();
    exchanges.begun();
    exchanges.begun();
    BlockingQueue<String> said = new LinkedBlockingQueue<>();
    Thread closing =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    exchanges.close(Duration.ofSeconds(90));
                    said.add("closed");
                  } catch (InterruptedException e) {
                    said.add("interrupted");
                  }
                });
    exchanges.ended();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    assertThat(said).isEmpty();
    exchanges.ended();
    assertThat(said.poll(80, TimeUnit.SECONDS)).isEqualTo("closed");
  }
}
