package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.PipeAbortedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP through real components: one route of the toolbox for each thing a host does. */
@Timeout(600)
class HttpGuestsTest {
  private static final int MIB = 1 << 20;
  private static final List<String> LOG = new ArrayList<>();
  private static final BytePipe STDOUT = new BytePipe();

  private static Guests hello;
  private static Guests toolbox;

  @BeforeAll
  static void start() {
    hello = new Guests("http-hello-world");
    toolbox =
        new Guests(
            "http-toolbox",
            WasiOptions.builder()
                .arguments(List.of("toolbox", "-v"))
                .environment(Map.of("COLOR", "blue"))
                .config(() -> Map.of("b", "2", "a", "1"))
                .stdout(OutputSink.to(STDOUT))
                .log((task, level, context, message) -> LOG.add(level + " " + context + message))
                .http(
                    (task, request, timeouts) ->
                        toolbox.component().start(task, request, failure -> {}))
                .build());
  }

  @AfterAll
  static void stop() {
    hello.close();
    toolbox.close();
  }

  @Test
  void helloWorld() throws Exception {
    HttpResponse response = hello.get("/");
    assertThat(response.status()).isEqualTo(200);
    assertThat(Guests.text(response)).isEqualTo("Hello from Wattle!\n");
    assertThat(response.body().trailers().get(90, TimeUnit.SECONDS)).isEmpty();
    assertThat(hello.end()).isEmpty();
  }

  @Test
  void theFirstByteLeavesBeforeTheLastIsWritten() throws Exception {
    HttpResponse response = toolbox.get("/stream?chunks=3&size=5&delay-ms=300");
    byte[] buffer = new byte[100];
    int n = response.body().bytes().read(buffer, 0, 100, soon());
    assertThat(new String(buffer, 0, n, UTF_8)).isEqualTo("aaaaa");
    assertThat(toolbox.ended).isEmpty();
    assertThat(Guests.text(response)).isEqualTo("bbbbbccccc");
    assertThat(toolbox.end()).isEmpty();
  }

  @Test
  void aSlowReaderHoldsTheGuestBack() throws Exception {
    HttpResponse response = toolbox.get("/stream?chunks=1600&size=65536");
    BytePipe bytes = response.body().bytes();
    byte[] buffer = new byte[300_000];
    long total = 0;
    int n;
    while ((n = bytes.read(buffer, 0, buffer.length, soon())) >= 0) {
      total += n;
      assertThat(bytes.buffered()).isLessThanOrEqualTo(BytePipe.DEFAULT_CAPACITY);
      Thread.onSpinWait();
    }
    assertThat(total).isEqualTo(100L * MIB);
    assertThat(toolbox.end()).isEmpty();
  }

  @Test
  void aHundredMegabytesUp() throws Exception {
    BytePipe bytes = new BytePipe();
    HttpBody body = new HttpBody(bytes, CompletableFuture.completedFuture(Optional.empty()));
    Thread client = writes(bytes, 100);
    assertThat(Guests.text(send("/discard", body))).isEqualTo(100 * MIB + "\n");
    client.join();
    assertThat(toolbox.end()).isEmpty();
  }

  @Test
  void bodiesAndTrailersGoBothWays() throws Exception {
    BytePipe bytes = new BytePipe();
    CompletableFuture<Optional<Fields>> trailers = new CompletableFuture<>();
    Thread client = writes(bytes, 20);
    HttpResponse response = send("/echo", new HttpBody(bytes, trailers));
    trailers.complete(Optional.of(new Fields(List.of(Fields.Entry.of("x-sum", "42")))));
    byte[] all = response.body().bytes().readAll(21 * MIB, soon());
    assertThat(all).hasSize(20 * MIB);
    assertThat(response.body().trailers().get(90, TimeUnit.SECONDS).orElseThrow().entries())
        .extracting(entry -> entry.name() + "=" + entry.text())
        .containsExactly("x-sum=42");
    client.join();
    assertThat(toolbox.end()).isEmpty();
  }

  @Test
  void trailers() throws Exception {
    HttpResponse response = toolbox.get("/trailers");
    assertThat(Guests.text(response)).isEqualTo("trailers follow\n");
    assertThat(response.body().trailers().get(90, TimeUnit.SECONDS).orElseThrow().entries())
        .extracting(entry -> entry.name() + "=" + entry.text())
        .containsExactly("x-check=ok", "x-many=one", "x-many=two");
    assertThat(toolbox.end()).isEmpty();
  }

  @Test
  void aTrapAfterTheResponseStartedCutsTheBodyOff() throws Exception {
    HttpResponse response = toolbox.get("/truncate");
    assertThat(toolbox.end().orElseThrow()).isInstanceOf(TrapException.class);
    assertThatThrownBy(() -> Guests.text(response)).isInstanceOf(PipeAbortedException.class);
    assertThat(response.body().trailers()).isCompletedExceptionally();
  }

  @Test
  void anErrorInsteadOfAResponse() throws Exception {
    assertThatThrownBy(() -> toolbox.get("/error"))
        .isInstanceOf(HttpErrorException.class)
        .hasMessageContaining("asked to");
    assertThat(toolbox.end()).isEmpty();
  }

  @Test
  void noResponseAtAll() throws Exception {
    assertThatThrownBy(() -> toolbox.get("/silent"))
        .isInstanceOf(HttpErrorException.class)
        .hasMessageContaining("without setting a response");
    toolbox.end();
  }

  @Test
  void aTrapInsteadOfAResponse() throws Exception {
    assertThatThrownBy(() -> toolbox.get("/panic"))
        .isInstanceOfSatisfying(
            TrapException.class,
            trap -> assertThat(trap.kind()).isEqualTo(TrapException.Kind.TRAP));
    assertThat(toolbox.end()).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/headers                | X-Seen: yes\\n",
        "/request                | Method::Get\\nhttp\\nexample.com:8080\\n/request\\n",
        "/config?key=b           | 2\\n",
        "/config                 | a=1\\nb=2\\n",
        "/args                   | toolbox\\n-v\\n",
        "/env                    | COLOR=blue\\n",
        "/sleep?ms=10            | slept 10 ms\\n",
        "/state                  | 1\\n",
        "/big-alloc?mb=20        | allocated 20 MiB\\n",
      })
  void routes(String path, String expected) throws Exception {
    assertThat(toolbox.text(path)).isEqualTo(expected.replace("\\n", "\n"));
    assertThat(toolbox.end()).isEmpty();
  }

  @Test
  void statesAreFresh() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(toolbox.text("/state")).isEqualTo("1\n");
      assertThat(toolbox.end()).isEmpty();
    }
  }

  @Test
  void everyStateIsFresh() throws Exception {
    try (Guests state = new Guests("state")) {
      String first = state.text("/");
      assertThat(first).contains("global=0 memory=1 table=2 word=0 data=present element=7");
      for (int i = 0; i < 20; i++) {
        assertThat(state.text("/")).isEqualTo(first);
      }
    }
  }

  @Test
  void randomBytesDiffer() throws Exception {
    String first = toolbox.text("/random?bytes=16");
    assertThat(first).hasSize(33).isNotEqualTo(toolbox.text("/random?bytes=16"));
    toolbox.end();
    toolbox.end();
  }

  @Test
  void logAndStandardOutput() throws Exception {
    assertThat(toolbox.text("/log?msg=hello&level=warn&context=shop:")).isEqualTo("logged\n");
    assertThat(LOG).containsExactly("WARN shop:hello");
    assertThat(toolbox.text("/print?msg=on-paper")).isEqualTo("printed\n");
    byte[] printed = new byte[100];
    int n = STDOUT.tryRead(printed, 0, 100);
    assertThat(new String(printed, 0, n, UTF_8)).isEqualTo("on-paper\n");
    toolbox.end();
    toolbox.end();
  }

  @Test
  void aStatusThatIsNotUsual() throws Exception {
    assertThat(toolbox.get("/status?code=418").status()).isEqualTo(418);
    toolbox.end();
  }

  @Test
  void requestsGoOutAndComeBack() throws Exception {
    BytePipe bytes = new BytePipe();
    HttpBody body = new HttpBody(bytes, CompletableFuture.completedFuture(Optional.empty()));
    Thread client = writes(bytes, 2);
    HttpResponse response = send("/outgoing?url=http://elsewhere/discard", body);
    assertThat(Guests.text(response)).isEqualTo(2 * MIB + "\n");
    client.join();
    assertThat(toolbox.end()).isEmpty();
    try (Guests alone = new Guests("http-toolbox")) {
      assertThat(alone.text("/outgoing?url=http://elsewhere/")).contains("HttpRequestDenied");
    }
  }

  @Test
  void aHostCallDoesNotOutliveTheDeadline() {
    long start = System.nanoTime();
    assertThatThrownBy(
            () -> toolbox.send(Guests.task(Duration.ofMillis(200)), "/sleep?ms=60000", none()))
        .isInstanceOfSatisfying(
            TrapException.class,
            trap -> assertThat(trap.kind()).isEqualTo(TrapException.Kind.DEADLINE));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("nobody waits for the minute that the guest wants to sleep")
        .isBetween(Duration.ofMillis(200), Duration.ofSeconds(50));
    assertThat(endOf(toolbox)).isPresent();
  }

  @Test
  void anInterruptedCallerStopsTheGuest() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    toolbox.get("/sleep?ms=60000");
                  } catch (Throwable t) {
                    thrown.complete(t);
                  }
                });
    Thread.onSpinWait();
    caller.interrupt();
    assertThat(thrown.get(90, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThat(toolbox.end()).isPresent();
  }

  @Test
  void stoppingTheComponentEndsWhatWaitsInTheHost() throws Exception {
    Guests stopped = new Guests("http-toolbox");
    HttpResponse response = stopped.get("/stream?chunks=2&size=1&delay-ms=60000");
    stopped.close();
    assertThat(stopped.end().orElseThrow())
        .isInstanceOfSatisfying(
            TrapException.class,
            trap -> assertThat(trap.kind()).isEqualTo(TrapException.Kind.CANCELLED))
        .hasMessageContaining("the component was stopped");
    assertThatThrownBy(() -> Guests.text(response)).isInstanceOf(PipeAbortedException.class);
    assertThatThrownBy(() -> stopped.get("/state")).isInstanceOf(RuntimeException.class);
  }

  @Test
  void theStandardLibraryRuns() throws Exception {
    try (Guests std =
        new Guests(
            "http-std", WasiOptions.builder().stdout(OutputSink.to(new BytePipe())).build())) {
      assertThat(std.text("/words?text=a+b+a")).isNotEmpty();
      assertThat(std.text("/clock")).contains("slept: true");
      assertThat(std.get("/read?file=/etc/passwd").status()).isEqualTo(404);
      assertThat(std.text("/print?msg=x")).isEqualTo("printed\n");
      assertThat(std.text("/args")).isEqualTo("main.wasm\n");
      assertThatThrownBy(() -> std.get("/exit")).isInstanceOf(TrapException.class);
      assertThatThrownBy(() -> std.get("/panic")).isInstanceOf(TrapException.class);
      assertThat(std.text("/x")).contains("Hello from the standard library");
    }
  }

  private static HttpResponse send(String path, HttpBody body) throws Exception {
    return toolbox.send(Guests.task(Duration.ofSeconds(100)), path, body);
  }

  private static HttpBody none() {
    return HttpBody.empty();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  private static Optional<Throwable> endOf(Guests guests) {
    try {
      return guests.end();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Thread writes(BytePipe pipe, int mib) {
    return Thread.ofPlatform()
        .start(
            () -> {
              byte[] piece = new byte[MIB];
              try {
                for (int i = 0; i < mib; i++) {
                  pipe.write(piece, 0, MIB, soon());
                }
                pipe.close();
              } catch (Exception e) {
                pipe.abort("the client failed: " + e);
              }
            });
  }
}
