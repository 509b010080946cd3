package io.wattle.wit.io;

import java.io.IOException;

/** The other end of a pipe gave up; the message is its reason. */
public final class PipeAbortedException extends IOException {
  private static final long serialVersionUID = 1L;

  public PipeAbortedException(String reason) {
    super(reason);
  }
}
