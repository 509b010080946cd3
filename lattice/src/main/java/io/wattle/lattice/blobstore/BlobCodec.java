package io.wattle.lattice.blobstore;

import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.value.MalformedValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The values of {@code wrpc:blobstore} (section 6.7). */
final class BlobCodec {
  /** Where the bytes of {@code get-container-data} and the names of a list are. */
  static final List<Integer> STREAM = List.of(0, 0);

  /** Where their outcome is. */
  static final List<Integer> STREAM_OUTCOME = List.of(0, 1);

  /** Where the bytes of {@code write-container-data} are. */
  static final List<Integer> WRITTEN = List.of(1);

  /** Where its outcome is. */
  static final List<Integer> WRITE_OUTCOME = List.of(0);

  static final AsyncShape WRITTEN_SHAPE = new AsyncShape(AsyncShape.Kind.BYTE_STREAM, WRITTEN);

  private BlobCodec() {}

  static void writeId(ValueEncoder encoder, ObjectId id) {
    encoder.string(id.container());
    encoder.string(id.object());
  }

  static ObjectId readId(ValueDecoder decoder) {
    String container = decoder.string();
    return new ObjectId(container, decoder.string());
  }

  /** A {@code stream<string>} at its own path: chunks, each a list, the last one empty. */
  static byte[] nameChunks(List<String> names) {
    ValueEncoder encoder = new ValueEncoder();
    if (!names.isEmpty()) {
      encoder.strings(names);
    }
    encoder.list(0);
    return encoder.toBytes();
  }

  static List<String> readNameChunks(byte[] chunks) {
    ValueDecoder decoder = new ValueDecoder(chunks);
    List<String> names = new ArrayList<>();
    List<String> chunk = decoder.strings();
    while (!chunk.isEmpty()) {
      names.addAll(chunk);
      chunk = decoder.strings();
    }
    decoder.end();
    return names;
  }

  static byte[] outcome(Optional<String> error) {
    ValueEncoder encoder = new ValueEncoder(16);
    encoder.result(error.isEmpty());
    error.ifPresent(encoder::string);
    return encoder.toBytes();
  }

  static Optional<String> readOutcome(ValueDecoder decoder) {
    return decoder.result() ? Optional.empty() : Optional.of(decoder.string());
  }

  /** An outcome that is here, or comes at its own path. */
  static CompletableFuture<Optional<String>> outcome(
      ValueDecoder decoder, Map<List<Integer>, AsyncValue> async, List<Integer> path) {
    if (decoder.readyFuture()) {
      return CompletableFuture.completedFuture(readOutcome(decoder));
    }
    if (async.get(path) instanceof AsyncValue.Future(CompletableFuture<byte[]> encoded)) {
      return encoded.thenApply(bytes -> readOutcome(new ValueDecoder(bytes)));
    }
    throw new MalformedValueException("outcome: pending, but no future came with the answer");
  }
}
