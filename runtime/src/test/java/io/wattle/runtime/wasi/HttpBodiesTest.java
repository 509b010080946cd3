package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.runtime.wasi.http.OutgoingHttp;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Outgoing requests: both bodies and their trailers, seen from the guest and from the sender. */
class HttpBodiesTest implements OutgoingHttp {
  private static final String OUTGOING = "wasi:http/outgoing-handler@0.2.0";
  private static final int REQUEST_BODY_SIZE = 17;
  private static final int INTERNAL_ERROR = 38;

  private final Guest guest = new Guest(WasiOptions.builder().http(this).build());
  private final CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
  private @Nullable HttpRequest sent;
  private Timeouts timeouts = Timeouts.NONE;

  @Override
  public CompletableFuture<HttpResponse> send(
      io.wattle.runtime.Task task, HttpRequest request, Timeouts given) {
    sent = request;
    timeouts = given;
    return answer;
  }

  @AfterEach
  void end() {
    guest.close();
  }

  @Test
  void aRequestGoesOutAsItWasMade() throws Exception {
    Object request = request(fields("x-a", "1"));
    guest.ok(Guest.HTTP, "[method]outgoing-request.set-method", request, new Variant(2, null));
    guest.ok(
        Guest.HTTP, "[method]outgoing-request.set-path-with-query", request, Optional.of("/p?q"));
    guest.ok(
        Guest.HTTP,
        "[method]outgoing-request.set-scheme",
        request,
        Optional.of(new Variant(1, null)));
    guest.ok(Guest.HTTP, "[method]outgoing-request.set-authority", request, Optional.of("h:1"));
    Object options = guest.call(Guest.HTTP, "[constructor]request-options");
    guest.ok(
        Guest.HTTP, "[method]request-options.set-connect-timeout", options, Optional.of(5_000L));
    guest.ok(OUTGOING, "handle", request, Optional.of(Objects.requireNonNull(options)));
    HttpRequest made = Objects.requireNonNull(sent);
    assertThat(made.method()).isEqualTo("POST");
    assertThat(made.pathWithQuery()).hasValue("/p?q");
    assertThat(made.scheme()).hasValue("HTTPS");
    assertThat(made.authority()).hasValue("h:1");
    assertThat(made.headers().entries()).hasSize(1);
    assertThat(timeouts.connect()).hasValue(Duration.ofNanos(5_000));
    assertThat(all(made.body())).isEmpty();
  }

  @Test
  void theBodyStreamsWithTrailersAfterIt() throws Exception {
    Object request = request(fields());
    Object body = guest.ok(Guest.HTTP, "[method]outgoing-request.body", request);
    assertThat(guest.result(Guest.HTTP, "[method]outgoing-request.body", request).isOk()).isFalse();
    Object stream = guest.ok(Guest.HTTP, "[method]outgoing-body.write", body);
    guest.ok(OUTGOING, "handle", request, Optional.empty());
    HttpBody out = Objects.requireNonNull(sent).body();
    write(stream, "first");
    assertThat(out.bytes().buffered()).isEqualTo(5);
    write(stream, " last");
    guest.ok(Guest.HTTP, "[static]outgoing-body.finish", body, Optional.of(fields("x-sum", "9")));
    assertThat(all(out)).isEqualTo("first last");
    assertThat(out.trailers().get().orElseThrow().entries().getFirst().name()).isEqualTo("x-sum");
  }

  @Test
  void aBodyShorterThanAnnouncedIsAnError() throws Exception {
    Object request = request(fields("content-length", "10"));
    Object body = guest.ok(Guest.HTTP, "[method]outgoing-request.body", request);
    write(guest.ok(Guest.HTTP, "[method]outgoing-body.write", body), "four");
    guest.ok(OUTGOING, "handle", request, Optional.empty());
    Result finished =
        guest.result(Guest.HTTP, "[static]outgoing-body.finish", body, Optional.empty());
    assertThat(finished.payload()).isEqualTo(new Variant(REQUEST_BODY_SIZE, Optional.of(4L)));
    assertThatThrownBy(() -> all(Objects.requireNonNull(sent).body()))
        .isInstanceOf(PipeAbortedException.class)
        .hasMessage("body: 4 bytes (expected: 10 by content-length)");
  }

  @Test
  void aBodyLongerThanAnnouncedFailsTheWrite() throws Exception {
    Object request = request(fields("Content-Length", "3"));
    Object body = guest.ok(Guest.HTTP, "[method]outgoing-request.body", request);
    Object stream = guest.ok(Guest.HTTP, "[method]outgoing-body.write", body);
    Result write =
        guest.result(Guest.STREAMS, "[method]output-stream.write", stream, "four".getBytes(UTF_8));
    Object error = ((Variant) Objects.requireNonNull(write.payload())).payload();
    assertThat(guest.call(Guest.HTTP, "http-error-code", error))
        .isEqualTo(Optional.of(new Variant(REQUEST_BODY_SIZE, Optional.of(4L))));
    Result finished =
        guest.result(Guest.HTTP, "[static]outgoing-body.finish", body, Optional.empty());
    assertThat(finished.payload()).isEqualTo(new Variant(REQUEST_BODY_SIZE, Optional.of(4L)));
  }

  @Test
  void aContentLengthThatIsNoneRefusesTheBody() throws Exception {
    Object request = request(fields("content-length", "many"));
    assertThat(guest.result(Guest.HTTP, "[method]outgoing-request.body", request).isOk()).isFalse();
  }

  @Test
  void aBodyDroppedUnfinishedIsAborted() throws Exception {
    Object request = request(fields());
    Object body = guest.ok(Guest.HTTP, "[method]outgoing-request.body", request);
    guest.ok(OUTGOING, "handle", request, Optional.empty());
    guest.drop(Guest.HTTP, "outgoing-body", body);
    assertThatThrownBy(() -> all(Objects.requireNonNull(sent).body()))
        .isInstanceOf(PipeAbortedException.class)
        .hasMessageContaining("without finishing");
  }

  @Test
  void theEndOfTheInstanceAbortsWhatItLeft() throws Exception {
    Object request = request(fields());
    guest.ok(Guest.HTTP, "[method]outgoing-request.body", request);
    guest.ok(OUTGOING, "handle", request, Optional.empty());
    guest.close();
    assertThat(Objects.requireNonNull(sent).body().bytes().abortReason()).isNotNull();
    BytePipe late = new BytePipe();
    answer.complete(new HttpResponse(200, Fields.EMPTY, body(late)));
    assertThat(answer).isCancelled();
  }

  @Test
  void theResponseIsReadToItsTrailers() throws Exception {
    Object future = guest.ok(OUTGOING, "handle", request(fields()), Optional.empty());
    assertThat(guest.call(Guest.HTTP, "[method]future-incoming-response.get", future))
        .isEqualTo(Optional.empty());
    BytePipe bytes = new BytePipe();
    HttpBody body = body(bytes);
    answer.complete(new HttpResponse(203, received(), body));
    Object response = taken(guest.call(Guest.HTTP, "[method]future-incoming-response.get", future));
    assertThat(guest.call(Guest.HTTP, "[method]future-incoming-response.get", future))
        .isEqualTo(Optional.of(Result.err(null)));
    assertThat(guest.call(Guest.HTTP, "[method]incoming-response.status", response)).isEqualTo(203);
    Object headers = guest.call(Guest.HTTP, "[method]incoming-response.headers", response);
    assertThat((List<?>) guest.call(Guest.HTTP, "[method]fields.entries", headers))
        .as("without those of the connection")
        .hasSize(1);
    Object incoming = guest.ok(Guest.HTTP, "[method]incoming-response.consume", response);
    Object stream = guest.ok(Guest.HTTP, "[method]incoming-body.stream", incoming);
    bytes.tryWrite("read and not".getBytes(UTF_8), 0, 12);
    assertThat((byte[]) guest.ok(Guest.STREAMS, "[method]input-stream.read", stream, 4L))
        .isEqualTo("read".getBytes(UTF_8));
    Object trailers = guest.call(Guest.HTTP, "[static]incoming-body.finish", incoming);
    assertThat(guest.call(Guest.HTTP, "[method]future-trailers.get", trailers))
        .isEqualTo(Optional.empty());
    bytes.tryWrite("skipped".getBytes(UTF_8), 0, 7);
    assertThat(bytes.buffered()).as("what is not read is skipped").isZero();
    bytes.close();
    body.trailers().complete(Optional.of(received()));
    Object pollable = guest.call(Guest.HTTP, "[method]future-trailers.subscribe", trailers);
    guest.call("wasi:io/poll@0.2.0", "[method]pollable.block", pollable);
    Optional<?> last =
        (Optional<?>) taken(guest.call(Guest.HTTP, "[method]future-trailers.get", trailers));
    assertThat((List<?>) guest.call(Guest.HTTP, "[method]fields.entries", last.orElseThrow()))
        .hasSize(1);
  }

  @Test
  void aFailedExchangeTellsItsErrorCode() throws Exception {
    Object future = guest.ok(OUTGOING, "handle", request(fields()), Optional.empty());
    answer.completeExceptionally(
        new HttpErrorException(
            new HttpError(
                HttpError.Code.DNS_ERROR, new HttpError.Dns(Optional.of("x"), Optional.of(3)))));
    Object got =
        Objects.requireNonNull(
            guest.call(Guest.HTTP, "[method]future-incoming-response.get", future));
    Result outcome = (Result) ((Result) ((Optional<?>) got).orElseThrow()).payload();
    Variant error = (Variant) Objects.requireNonNull(outcome).payload();
    assertThat(Objects.requireNonNull(error).index()).isEqualTo(1);
    assertThat((Object[]) error.payload()).containsExactly(Optional.of("x"), Optional.of(3));
  }

  @Test
  void openBodiesAreBounded() throws Exception {
    for (int i = 0; i < 1000; i++) {
      Object body = guest.ok(Guest.HTTP, "[method]outgoing-request.body", request(fields()));
      guest.drop(Guest.HTTP, "outgoing-body", body);
    }
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                guest.ok(Guest.HTTP, "[method]outgoing-request.body", request(fields()));
              }
            })
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("open at once");
  }

  @Test
  void withoutASenderRequestsAreDenied() throws Exception {
    try (Guest alone = new Guest(WasiOptions.builder().build())) {
      Object fields = alone.call(Guest.HTTP, "[constructor]fields");
      Object request = alone.call(Guest.HTTP, "[constructor]outgoing-request", fields);
      assertThat(alone.error(OUTGOING, "handle", request, Optional.empty())).isEqualTo(15);
    }
  }

  @Test
  void anAbortedBodyIsAnHttpError() throws Exception {
    Object future = guest.ok(OUTGOING, "handle", request(fields()), Optional.empty());
    BytePipe bytes = new BytePipe();
    answer.complete(new HttpResponse(200, Fields.EMPTY, body(bytes)));
    Object response = taken(guest.call(Guest.HTTP, "[method]future-incoming-response.get", future));
    Object incoming = guest.ok(Guest.HTTP, "[method]incoming-response.consume", response);
    Object stream = guest.ok(Guest.HTTP, "[method]incoming-body.stream", incoming);
    bytes.abort("cable cut");
    Result read = guest.result(Guest.STREAMS, "[method]input-stream.read", stream, 1L);
    Object error = ((Variant) Objects.requireNonNull(read.payload())).payload();
    assertThat(guest.call(Guest.HTTP, "http-error-code", error))
        .isEqualTo(Optional.of(new Variant(INTERNAL_ERROR, Optional.of("cable cut"))));
  }

  @Test
  void anUnreadBodyIsNotWaitedFor() throws Exception {
    Object future = guest.ok(OUTGOING, "handle", request(fields()), Optional.empty());
    BytePipe bytes = new BytePipe();
    answer.complete(new HttpResponse(200, Fields.EMPTY, body(bytes)));
    Object response = taken(guest.call(Guest.HTTP, "[method]future-incoming-response.get", future));
    guest.drop(Guest.HTTP, "incoming-response", response);
    assertThat(bytes.abortReason()).isEqualTo("the component did not read the body");
  }

  private static Object taken(@Nullable Object option) {
    Result outer = (Result) ((Optional<?>) Objects.requireNonNull(option)).orElseThrow();
    Result inner = (Result) Objects.requireNonNull(outer.payload());
    assertThat(inner.isOk()).isTrue();
    return Objects.requireNonNull(inner.payload());
  }

  private Object request(Object headers) throws InterruptedException {
    return Objects.requireNonNull(guest.call(Guest.HTTP, "[constructor]outgoing-request", headers));
  }

  private Object fields(String... line) throws InterruptedException {
    Object fields = guest.call(Guest.HTTP, "[constructor]fields");
    if (line.length > 0) {
      guest.ok(Guest.HTTP, "[method]fields.append", fields, line[0], line[1].getBytes(UTF_8));
    }
    return Objects.requireNonNull(fields);
  }

  private static Fields received() {
    return new Fields(
        List.of(Fields.Entry.of("x-a", "1"), Fields.Entry.of("Connection", "keep-alive")));
  }

  private static HttpBody body(BytePipe bytes) {
    return new HttpBody(bytes, new CompletableFuture<>());
  }

  private void write(Object stream, String text) throws InterruptedException {
    guest.ok(Guest.STREAMS, "[method]output-stream.write", stream, text.getBytes(UTF_8));
  }

  private String all(HttpBody body) throws Exception {
    return new String(body.bytes().readAll(1000, guest.task().deadline()), UTF_8);
  }
}
