package io.wattle.lattice.http;

import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The record {@code request} and the record {@code request-options}. */
final class RequestCodec {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
  private static final List<String> SCHEMES = List.of("HTTP", "HTTPS");

  private RequestCodec() {}

  /**
   * Writes a request.
   *
   * @param scheme what it has when it says none
   */
  static void write(ValueEncoder encoder, HttpRequest request, String scheme) {
    BodyCodec.writePending(encoder);
    writeCase(encoder, METHODS, request.method());
    writeText(encoder, request.pathWithQuery());
    // Component hosts refuse a request without a scheme.
    encoder.option(true);
    writeCase(encoder, SCHEMES, request.scheme().orElse(scheme).toUpperCase(Locale.ROOT));
    writeText(encoder, request.authority());
    FieldsCodec.write(encoder, request.headers());
  }

  static HttpRequest read(ValueDecoder decoder, Map<List<Integer>, AsyncValue> async) {
    HttpBody body = BodyCodec.read(decoder, async);
    String method = readCase(decoder, METHODS);
    Optional<String> path = readText(decoder);
    Optional<String> scheme =
        decoder.option() ? Optional.of(readCase(decoder, SCHEMES)) : Optional.empty();
    Optional<String> authority = readText(decoder);
    return new HttpRequest(method, path, scheme, authority, FieldsCodec.read(decoder), body);
  }

  static void writeOptions(ValueEncoder encoder, Optional<RequestOptions> options) {
    encoder.option(options.isPresent());
    if (options.isPresent()) {
      writeTime(encoder, options.get().connect());
      writeTime(encoder, options.get().firstByte());
      writeTime(encoder, options.get().betweenBytes());
    }
  }

  static Optional<RequestOptions> readOptions(ValueDecoder decoder) {
    return decoder.option()
        ? Optional.of(new RequestOptions(readTime(decoder), readTime(decoder), readTime(decoder)))
        : Optional.empty();
  }

  /** One of the known names, or the case after them with the name itself. */
  private static void writeCase(ValueEncoder encoder, List<String> known, String name) {
    int index = known.indexOf(name);
    if (index >= 0) {
      encoder.variant(index);
    } else {
      encoder.variant(known.size());
      encoder.string(name);
    }
  }

  private static String readCase(ValueDecoder decoder, List<String> known) {
    int index = decoder.variant(known.size() + 1);
    return index < known.size() ? known.get(index) : decoder.string();
  }

  private static void writeText(ValueEncoder encoder, Optional<String> text) {
    encoder.option(text.isPresent());
    text.ifPresent(encoder::string);
  }

  private static Optional<String> readText(ValueDecoder decoder) {
    return decoder.option() ? Optional.of(decoder.string()) : Optional.empty();
  }

  private static void writeTime(ValueEncoder encoder, Optional<Duration> time) {
    encoder.option(time.isPresent());
    time.ifPresent(value -> encoder.u64(value.toNanos()));
  }

  private static Optional<Duration> readTime(ValueDecoder decoder) {
    if (!decoder.option()) {
      return Optional.empty();
    }
    long nanos = decoder.u64();
    return Optional.of(Duration.ofNanos(nanos < 0 ? Long.MAX_VALUE : nanos));
  }
}
