package io.wattle.lattice.call;

import io.wattle.wit.io.BytePipe;
import java.util.concurrent.CompletableFuture;

/**
 * A stream or future that accompanies encoded values at its index path (wRPC, section 6.3 of the
 * lattice reference).
 */
public sealed interface AsyncValue {

  /** {@code stream<u8>}: the bytes themselves, without chunk headers. */
  record ByteStream(BytePipe bytes) implements AsyncValue {}

  /** {@code future<T>}: the encoded T, when it is there; fails when the sender gave up. */
  record Future(CompletableFuture<byte[]> encoded) implements AsyncValue {}
}
