package io.wattle.lattice.http;

import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.value.MalformedValueException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The first two fields of requests and responses: the body and its trailers. */
final class BodyCodec {
  private static final List<Integer> BODY = List.of(0, 0);
  private static final List<Integer> TRAILERS = List.of(0, 1);

  private BodyCodec() {}

  static void writePending(ValueEncoder encoder) {
    encoder.pending();
    encoder.pending();
  }

  static Map<List<Integer>, AsyncValue> async(HttpBody body) {
    return Map.of(
        BODY,
        new AsyncValue.ByteStream(body.bytes()),
        TRAILERS,
        new AsyncValue.Future(body.trailers().thenApply(BodyCodec::encode)));
  }

  private static byte[] encode(Optional<Fields> trailers) {
    ValueEncoder encoder = new ValueEncoder(16);
    encoder.option(trailers.isPresent());
    trailers.ifPresent(fields -> FieldsCodec.write(encoder, fields));
    return encoder.toBytes();
  }

  static HttpBody read(ValueDecoder decoder, Map<List<Integer>, AsyncValue> async) {
    Optional<byte[]> whole = decoder.inlineStream();
    BytePipe bytes = whole.isPresent() ? BytePipe.of(whole.get()) : pending(async);
    CompletableFuture<Optional<Fields>> trailers =
        decoder.readyFuture()
            ? CompletableFuture.completedFuture(readTrailers(decoder))
            : pendingTrailers(async);
    return new HttpBody(bytes, trailers);
  }

  private static BytePipe pending(Map<List<Integer>, AsyncValue> async) {
    if (async.get(BODY) instanceof AsyncValue.ByteStream(BytePipe bytes)) {
      return bytes;
    }
    throw new MalformedValueException("body: pending, but no stream came with the call");
  }

  private static CompletableFuture<Optional<Fields>> pendingTrailers(
      Map<List<Integer>, AsyncValue> async) {
    if (async.get(TRAILERS) instanceof AsyncValue.Future(CompletableFuture<byte[]> encoded)) {
      return encoded.thenApply(
          value -> {
            ValueDecoder decoder = new ValueDecoder(value);
            Optional<Fields> trailers = readTrailers(decoder);
            decoder.end();
            return trailers;
          });
    }
    throw new MalformedValueException("trailers: pending, but no future came with the call");
  }

  private static Optional<Fields> readTrailers(ValueDecoder decoder) {
    return decoder.option() ? Optional.of(FieldsCodec.read(decoder)) : Optional.empty();
  }
}
