package io.wattle.lattice.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.testing.NatsForTests;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.WrpcClient;
import io.wattle.lattice.wrpc.WrpcServer;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 6.8 and example 3 of 6.9: bytes written by hand. */
class HttpCodecTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final CallTarget TARGET =
      new CallTarget("hello", HttpCodec.INCOMING, HttpCodec.HANDLE);

  private static CallContext context() {
    return new CallContext("httpserver", "default", Deadline.in(Duration.ofSeconds(90)), Map.of());
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  private static byte[] trailers(Map<List<Integer>, AsyncValue> async) throws Exception {
    return async.get(List.of(0, 1)) instanceof AsyncValue.Future(CompletableFuture<byte[]> encoded)
        ? encoded.get()
        : new byte[0];
  }

  private static HttpRequest get() {
    return new HttpRequest(
        "GET",
        Optional.of("/hi?x=1"),
        Optional.of("HTTP"),
        Optional.of("localhost:8000"),
        new Fields(List.of(Fields.Entry.of("Host", "localhost:8000"))),
        HttpBody.empty());
  }

  @Test
  void aRequestIsTheBytesOfTheExample() throws Exception {
    CallRequest call = HttpCodec.incoming("hello", context(), get());
    assertThat(call.target()).isEqualTo(TARGET);
    assertThat(call.parameters())
        .isEqualTo(
            hex(
                """
                00 00 00 01 07 2f 68 69 3f 78 3d 31 01 00
                01 0e 6c 6f 63 61 6c 68 6f 73 74 3a 38 30 30 30
                01 04 68 6f 73 74 01 0e 6c 6f 63 61 6c 68 6f 73 74 3a 38 30 30 30\
                """));
    HttpRequest read = HttpCodec.readIncoming(call);
    assertThat(read.method()).isEqualTo("GET");
    assertThat(read.pathWithQuery()).contains("/hi?x=1");
    assertThat(read.scheme()).contains("HTTP");
    assertThat(read.authority()).contains("localhost:8000");
    assertThat(read.headers().entries()).extracting(Fields.Entry::name).containsExactly("host");
    assertThat(trailers(call.async())).isEqualTo(hex("00"));
  }

  @Test
  void aResponseIsTheBytesOfTheExample() throws Exception {
    Fields trailers = new Fields(List.of(Fields.Entry.of("x-sum", "42")));
    HttpBody body =
        new HttpBody(
            BytePipe.of("Hello, world".getBytes(UTF_8)),
            CompletableFuture.completedFuture(Optional.of(trailers)));
    CallReply reply =
        HttpCodec.reply(
            new HttpResponse(
                200, new Fields(List.of(Fields.Entry.of("content-type", "text/plain"))), body));
    assertThat(reply.results())
        .isEqualTo(
            hex(
                """
                00 00 00 c8 01 01 0c 63 6f 6e 74 65 6e 74 2d 74 79 70 65
                01 0a 74 65 78 74 2f 70 6c 61 69 6e\
                """));
    assertThat(trailers(reply.async())).isEqualTo(hex("01 01 05 78 2d 73 75 6d 01 02 34 32"));
    HttpResponse read = HttpCodec.readReply(TARGET, reply);
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.body().trailers().get().orElseThrow().entries().getFirst().text())
        .isEqualTo("42");
  }

  @Test
  void namesAreSentOnceWithAllTheirValues() throws Exception {
    Fields fields =
        new Fields(
            List.of(
                Fields.Entry.of("Set-Cookie", "a"),
                Fields.Entry.of("x", "1"),
                Fields.Entry.of("set-cookie", "b")));
    CallReply reply = HttpCodec.reply(new HttpResponse(204, fields, HttpBody.empty()));
    assertThat(reply.results())
        .isEqualTo(hex("00 00 00 cc01 02 0a 7365742d636f6f6b6965 02 01 61 01 62 01 78 01 01 31"));
    assertThat(HttpCodec.readReply(TARGET, reply).headers().entries())
        .extracting(entry -> entry.name() + "=" + entry.text())
        .containsExactly("set-cookie=a", "set-cookie=b", "x=1");
  }

  @Test
  void optionsAndUnusualMethodsTravel() throws Exception {
    HttpRequest request =
        new HttpRequest(
            "PROPFIND",
            Optional.empty(),
            Optional.of("ftp"),
            Optional.empty(),
            Fields.EMPTY,
            HttpBody.empty());
    RequestOptions options =
        new RequestOptions(
            Optional.of(Duration.ofMinutes(10)), Optional.empty(), Optional.of(Duration.ZERO));
    CallRequest call = HttpCodec.outgoing("client", context(), request, Optional.of(options));
    assertThat(call.parameters())
        .isEqualTo(
            hex(
                "00 00 09 08 50524f5046494e44 00 01 02 03 465450 00 00 01 01 80e0a596bb11 00 01"
                    + " 00"));
    HttpCodec.Outgoing read = HttpCodec.readOutgoing(call);
    assertThat(read.request().method()).isEqualTo("PROPFIND");
    assertThat(read.options()).contains(options);
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        error(HttpError.internal("boom"), "01 26 01 04 62 6f 6f 6d"),
        error(HttpError.of(HttpError.Code.DNS_TIMEOUT), "01 00"),
        error(
            new HttpError(
                HttpError.Code.DNS_ERROR, new HttpError.Dns(Optional.of("x"), Optional.of(300))),
            "01 01 01 01 78 01 ac 02"),
        error(
            new HttpError(
                HttpError.Code.TLS_ALERT_RECEIVED,
                new HttpError.TlsAlert(Optional.of(40), Optional.empty())),
            "01 0e 01 28 00"),
        error(
            new HttpError(
                HttpError.Code.HTTP_REQUEST_BODY_SIZE, new HttpError.BodySize(Optional.of(300L))),
            "01 11 01 ac 02"),
        error(
            new HttpError(
                HttpError.Code.HTTP_REQUEST_HEADER_SECTION_SIZE,
                new HttpError.SectionSize(Optional.of(5))),
            "01 15 01 05"),
        error(
            new HttpError(
                HttpError.Code.HTTP_REQUEST_HEADER_SIZE,
                new HttpError.MaybeFieldSize(
                    Optional.of(new HttpError.FieldSize(Optional.of("h"), Optional.of(9))))),
            "01 16 01 01 01 68 01 09"),
        error(
            new HttpError(
                HttpError.Code.HTTP_RESPONSE_TRAILER_SIZE,
                new HttpError.FieldSize(Optional.empty(), Optional.empty())),
            "01 1e 00 00"),
        error(HttpError.of(HttpError.Code.CONFIGURATION_ERROR), "01 25"));
  }

  private static Arguments error(HttpError error, String hex) {
    return Arguments.of(error, hex);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void errorsAreTheirCaseAndDetail(HttpError error, String hex) {
    CallReply reply = HttpCodec.reply(error);
    assertThat(reply.results()).isEqualTo(hex(hex));
    assertThatThrownBy(() -> HttpCodec.readReply(TARGET, reply))
        .isInstanceOf(HttpErrorException.class)
        .extracting(e -> ((HttpErrorException) e).error())
        .isEqualTo(error);
  }

  @Test
  void wholeBodiesAndReadyTrailersAreAccepted() throws Exception {
    CallReply reply = CallReply.of(hex("00 02 68 69 01 00 c8 01 00"));
    HttpResponse response = HttpCodec.readReply(TARGET, reply);
    assertThat(response.body().bytes().readAll(10, Deadline.in(Duration.ofSeconds(90))))
        .isEqualTo("hi".getBytes(UTF_8));
    assertThat(response.body().trailers().get()).isEmpty();
  }

  @Test
  void garbageAndSilenceAreErrorsThatSayWhere() {
    assertThatThrownBy(() -> HttpCodec.readReply(TARGET, CallReply.of(new byte[0])))
        .isInstanceOf(CallException.class)
        .hasMessageContaining("hello wrpc:http/incoming-handler@0.1.0.handle ended the call");
    assertThatThrownBy(() -> HttpCodec.readReply(TARGET, CallReply.of(hex("01 27"))))
        .hasMessageContaining("byte 1: case: 39 (expected: less than 39)");
    assertThatThrownBy(() -> HttpCodec.readReply(TARGET, CallReply.of(hex("00 00 00 c8 01 00"))))
        .hasMessageContaining("body: pending, but no stream came");
    CallRequest bad = new CallRequest(TARGET, context(), hex("00"), Map.of());
    assertThatThrownBy(() -> HttpCodec.readIncoming(bad))
        .extracting(e -> ((CallException) e).kind())
        .isEqualTo(CallException.Kind.MALFORMED);
  }

  @Test
  void anExchangeGoesOverNats() throws Exception {
    LatticeConnection connection = NATS.connect();
    AsyncShapeResolver shapes = AsyncShapeResolver.standard();
    try (WrpcServer server = WrpcServer.open(connection);
        WrpcClient client = WrpcClient.open(NATS.connect(), shapes)) {
      server.serve(
          "hello",
          HttpCodec.INCOMING,
          HttpCodec.HANDLE,
          shapes.shapes(TARGET),
          call -> {
            HttpRequest request = HttpCodec.readIncoming(call);
            return request.method().equals("POST")
                ? HttpCodec.reply(new HttpResponse(201, request.headers(), request.body()))
                : HttpCodec.reply(HttpError.internal("only POST"));
          });
      connection.flush(Duration.ofSeconds(60));
      byte[] data = new byte[300_000];
      data[299_999] = 1;
      HttpRequest post =
          new HttpRequest(
              "POST",
              Optional.of("/"),
              Optional.empty(),
              Optional.empty(),
              get().headers(),
              HttpBody.of(data));
      HttpResponse response =
          HttpCodec.readReply(TARGET, client.handle(HttpCodec.incoming("hello", context(), post)));
      assertThat(response.status()).isEqualTo(201);
      assertThat(response.body().bytes().readAll(data.length, Deadline.in(Duration.ofSeconds(90))))
          .isEqualTo(data);
      assertThat(response.body().trailers().get()).isEmpty();
      assertThatThrownBy(
              () ->
                  HttpCodec.readReply(
                      TARGET, client.handle(HttpCodec.incoming("hello", context(), get()))))
          .isInstanceOf(HttpErrorException.class)
          .hasMessageContaining("only POST");
    }
  }
}
