package io.wattle.lattice.wrpc;

import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Streams and futures that are here as a whole and so small that they travel with the values they
 * belong to: in a header of a handshake, which other peers do not look at, or behind the results of
 * an answer to one of ours.
 *
 * @param parts by index path, as {@code 0.1}
 */
record Inline(Map<String, byte[]> parts) {
  /** No streams. */
  static final Inline NOTHING = new Inline(Map.of());

  /** What is said when there are none. */
  static final String NONE = "-";

  /**
   * Copies the streams and futures, if all of them are here within a moment. They can be sent
   * otherwise still.
   *
   * @param limit bytes of each
   * @return null when they have to be streamed
   */
  static @Nullable Inline of(Map<List<Integer>, AsyncValue> async, int limit, Duration patience)
      throws InterruptedException {
    if (async.isEmpty()) {
      return NOTHING;
    }
    Deadline until = Deadline.in(patience);
    Map<String, byte[]> parts = new TreeMap<>();
    for (Map.Entry<List<Integer>, AsyncValue> entry : async.entrySet()) {
      byte[] part =
          switch (entry.getValue()) {
            case AsyncValue.ByteStream(BytePipe pipe) ->
                pipe.awaitWhole(limit, until) ? pipe.copyWhole() : null;
            case AsyncValue.Future(CompletableFuture<byte[]> future) -> value(future, until);
          };
      if (part == null || part.length > limit) {
        return null;
      }
      parts.put(key(entry.getKey()), part);
    }
    return new Inline(parts);
  }

  private static byte @Nullable [] value(CompletableFuture<byte[]> future, Deadline until)
      throws InterruptedException {
    try {
      return future.get(Math.max(0, until.nanosLeft()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException | java.util.concurrent.CancellationException e) {
      return null;
    }
  }

  private static String key(List<Integer> path) {
    return WrpcSubjects.path("", path).substring(1);
  }

  /** All bytes together. */
  int size() {
    return parts.values().stream().mapToInt(part -> part.length).sum();
  }

  /** The parts themselves, for a header. */
  String encoded() {
    StringJoiner text = new StringJoiner(",").setEmptyValue(NONE);
    parts.forEach((path, part) -> text.add(path + ":" + Base64.getEncoder().encodeToString(part)));
    return text.toString();
  }

  static Inline decode(String header) {
    if (header.equals(NONE)) {
      return NOTHING;
    }
    Map<String, byte[]> parts = new HashMap<>();
    for (String part : header.split(",", -1)) {
      int colon = part.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(part + " (expected: path:base64)");
      }
      parts.put(part.substring(0, colon), Base64.getDecoder().decode(part.substring(colon + 1)));
    }
    return new Inline(parts);
  }

  /** The parts' lengths, for a header beside {@link #behind}. */
  String lengths() {
    StringJoiner text = new StringJoiner(",").setEmptyValue(NONE);
    parts.forEach((path, part) -> text.add(path + ":" + part.length));
    return text.toString();
  }

  /** Values followed by the parts. */
  byte[] behind(byte[] values) {
    if (parts.isEmpty()) {
      return values;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(values.length + size());
    all.writeBytes(values);
    parts.values().forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** Cuts off what {@link #behind} put there. */
  static Split split(byte[] data, String lengths) {
    if (lengths.equals(NONE)) {
      return new Split(data, NOTHING);
    }
    List<String> entries = List.of(lengths.split(",", -1));
    Map<String, byte[]> parts = new HashMap<>();
    int at = data.length;
    for (String entry : entries.reversed()) {
      int colon = entry.indexOf(':');
      int from = at - Integer.parseInt(entry.substring(colon + 1));
      parts.put(entry.substring(0, Math.max(0, colon)), Arrays.copyOfRange(data, from, at));
      at = from;
    }
    return new Split(Arrays.copyOf(data, at), new Inline(parts));
  }

  /** Values, and what came with them. */
  record Split(byte[] values, Inline parts) {}

  /** As streams and futures again. */
  Map<List<Integer>, AsyncValue> values(List<AsyncShape> shapes) {
    if (parts.isEmpty()) {
      return Map.of();
    }
    Map<List<Integer>, AsyncValue> values = new HashMap<>();
    for (AsyncShape shape : shapes) {
      byte[] part = parts.get(key(shape.path()));
      if (part != null) {
        values.put(
            shape.path(),
            switch (shape.kind()) {
              case BYTE_STREAM -> new AsyncValue.ByteStream(BytePipe.of(part));
              case FUTURE -> new AsyncValue.Future(CompletableFuture.completedFuture(part));
            });
      }
    }
    return values;
  }
}
