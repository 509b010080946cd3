package io.wattle.wit.http;

import io.wattle.wit.io.BytePipe;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A body that is streamed, and the trailers that follow it.
 *
 * @param bytes ends, or aborts with a reason
 * @param trailers complete after the body ended, empty when there are none
 */
public record HttpBody(BytePipe bytes, CompletableFuture<Optional<Fields>> trailers) {

  /** A body without a byte. */
  public static HttpBody empty() {
    return of(new byte[0]);
  }

  /** A body that is known. */
  public static HttpBody of(byte[] data) {
    return new HttpBody(BytePipe.of(data), CompletableFuture.completedFuture(Optional.empty()));
  }
}
