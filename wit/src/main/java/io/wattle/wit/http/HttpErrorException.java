package io.wattle.wit.http;

/** An exchange failed with an {@code error-code} of {@code wasi:http/types}. */
public final class HttpErrorException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient HttpError error;

  public HttpErrorException(HttpError error) {
    super(error.text());
    this.error = error;
  }

  /** What went wrong. */
  public HttpError error() {
    return error;
  }
}
