package io.wattle.runtime.wasi.http;

import io.wattle.wit.http.HttpError;
import java.io.IOException;

/** A body's stream failed for a reason that {@code http-error-code} can tell. */
final class HttpStreamException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient HttpError error;

  HttpStreamException(HttpError error, String message) {
    super(message);
    this.error = error;
  }

  HttpError error() {
    return error;
  }
}
