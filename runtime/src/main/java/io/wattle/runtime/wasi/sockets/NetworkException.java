package io.wattle.runtime.wasi.sockets;

import java.io.IOException;
import java.util.Locale;

/** An operation of a socket failed, with the code that the guest gets. */
final class NetworkException extends IOException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;

  NetworkException(ErrorCode code) {
    super(code.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
