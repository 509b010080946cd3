package io.wattle.runtime.wasi.io;

import java.io.IOException;

/** A sink takes no more because it was ended: {@code stream-error::closed} to guests. */
public final class SinkClosedException extends IOException {
  private static final long serialVersionUID = 1;

  public SinkClosedException() {
    super("the stream was ended");
  }
}
