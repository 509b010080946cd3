package io.wattle.cli.component;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.cli.Running;
import io.wattle.cli.Said;
import io.wattle.providers.http.PendingResponse;
import io.wattle.providers.http.StandaloneServer;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests of guests that run on this machine, to a server on it. */
@Timeout(180)
final class LocalHttpTest {
  private static final Path DIST = Path.of("..", "components", "dist");
  private static final String FETCH = DIST.resolve("wasi-fetch.wasm").toString();

  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static StandaloneServer server;
  private static String authority;

  /** Commands that run here read standard input, by which Surefire speaks to this process. */
  @BeforeAll
  static void open() throws Exception {
    System.setIn(InputStream.nullInputStream());
    server =
        StandaloneServer.open("127.0.0.1:0", "test", LocalHttpTest::begin, Duration.ofSeconds(1));
    authority = URI.create(server.url()).getAuthority();
  }

  @AfterAll
  static void close() {
    server.close();
    THREADS.close();
  }

  /** The answer waits for the request's body. */
  private static PendingResponse begin(HttpRequest request) {
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    Future<?> thread =
        THREADS.submit(
            () -> {
              try {
                response.complete(answer(request));
              } catch (HttpErrorException | InterruptedException | RuntimeException e) {
                response.completeExceptionally(e);
              }
            });
    return new PendingResponse(response, () -> thread.cancel(true));
  }

  private static HttpResponse answer(HttpRequest request)
      throws HttpErrorException, InterruptedException {
    String body;
    try {
      body = new String(request.body().bytes().readAll(1 << 20, Deadline.in(minute())), UTF_8);
    } catch (java.io.IOException | TimeoutException e) {
      throw new HttpErrorException(HttpError.internal(e.toString()));
    }
    String path = request.pathWithQuery().orElse("");
    String text = request.method() + " " + path + " " + body;
    Fields trailer = new Fields(List.of(Fields.Entry.of("x-sum", "42")));
    Fields announced = new Fields(List.of(Fields.Entry.of("trailer", "x-sum")));
    return new HttpResponse(
        path.equals("/moved") ? 302 : 200,
        announced,
        new HttpBody(
            BytePipe.of(text.getBytes(UTF_8)),
            CompletableFuture.completedFuture(Optional.of(trailer))));
  }

  private static Duration minute() {
    return Duration.ofMinutes(1);
  }

  /** What the guest prints. */
  private static synchronized String fetch(List<String> options, String... arguments) {
    List<String> all = new ArrayList<>(List.of("run", FETCH));
    all.addAll(options);
    all.add("--");
    all.addAll(List.of(arguments));
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      var _ = Said.by(all.toArray(String[]::new));
    } finally {
      System.setOut(before);
    }
    return printed.toString(UTF_8);
  }

  @Test
  void aGuestReachesWhatIsAllowedOnly() {
    String url = "http://" + authority;
    assertThat(fetch(List.of(), "GET", url)).contains("HttpRequestDenied");
    assertThat(fetch(List.of("--allow-net", "127.0.0.1:1"), "GET", url))
        .contains("HttpRequestDenied");
    assertThat(fetch(List.of("--allow-net", "example.com"), "GET", url))
        .contains("HttpRequestDenied");
    for (String allowed : List.of(authority, "127.0.0.1", "*", "localhost")) {
      assertThat(fetch(List.of("--allow-net", allowed), "GET", url + "/a?b"))
          .as(allowed)
          .isEqualTo("200\nGET /a?b \nx-sum: 42\n");
    }
    assertThat(fetch(List.of("--allow-net", "localhost"), "GET", url.replace("127.0.0.1", "[::2]")))
        .contains("HttpRequestDenied");
  }

  @Test
  void aGuestSendsABodyAndSeesWhatWentWrong() {
    List<String> all = List.of("--allow-net", "*");
    String url = "http://" + authority;
    assertThat(fetch(all, "POST", url + "/x", "body=hello")).startsWith("200\nPOST /x hello\n");
    assertThat(fetch(all, "POST", url + "/x", "body=hello", "header=content-length:5"))
        .startsWith("200\nPOST /x hello\n");
    assertThat(fetch(all, "POST", url + "/x", "body=hello", "header=content-length:4"))
        .contains("HttpRequestBodySize(Some(5))");
    assertThat(fetch(all, "GET", url + "/moved")).startsWith("302\n");
    assertThat(fetch(all, "GET", url, "header=connection:close")).contains("Forbidden");
    assertThat(fetch(all, "GET", url, "header=host:elsewhere")).contains("Forbidden");
    assertThat(fetch(all, "GET", "gopher://" + authority)).contains("HttpProtocolError");
    assertThat(fetch(all, "GET", "https://" + authority))
        .containsAnyOf("TlsProtocolError", "ConnectionTerminated");
  }

  @Test
  void thousandsOfRequestsEndAtALimit() throws Exception {
    String hostile = DIST.resolve("hostile.wasm").toString();
    try (Running serve =
            new Running("serve", hostile, "--addr", "127.0.0.1:0", "--allow-net", authority);
        HttpClient client = HttpClient.newHttpClient()) {
      String url = serve.awaitLine("http://").replaceFirst(".* at ", "");
      var request =
          java.net.http.HttpRequest.newBuilder(URI.create(url + "requests?to=" + authority))
              .timeout(minute())
              .build();
      var answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).contains("more than 256 bodies and requests open at once");
    }
  }
}
