package io.wattle.runtime.wasi.io;

import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import java.io.IOException;

/** The results of stream functions, as WIT has them. */
final class StreamResults {
  /** {@code err(stream-error::closed)}. */
  static final Result CLOSED = Result.err(new Variant(1, null));

  static final Result NO_BYTES = Result.ok(new byte[0]);

  static final Result NONE = Result.ok(0L);

  private StreamResults() {}

  /** Whether a read gave nothing, so far. */
  static boolean isEmpty(Result read) {
    return read.payload() instanceof byte[] bytes && bytes.length == 0;
  }

  /** {@code err(stream-error::last-operation-failed(error))}, or closed. */
  static Result failed(IOException cause) {
    return cause instanceof SinkClosedException
        ? CLOSED
        : Result.err(new Variant(0, new IoError(cause)));
  }
}
