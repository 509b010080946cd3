package io.wattle.runtime.wasi.io;

import java.io.IOException;

/**
 * Why a stream failed: the host's side of the resource {@code wasi:io/error.error}.
 *
 * @param cause its message is shown to the guest; other interfaces know its type
 */
public record IoError(IOException cause) {
  /** What {@code to-debug-string} answers. */
  public String text() {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
