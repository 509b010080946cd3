package io.wattle.runtime.wasi.sockets;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;

/** {@code error-code} of wasi:sockets/network, in its order. */
enum ErrorCode {
  UNKNOWN,
  ACCESS_DENIED,
  NOT_SUPPORTED,
  INVALID_ARGUMENT,
  OUT_OF_MEMORY,
  TIMEOUT,
  CONCURRENCY_CONFLICT,
  NOT_IN_PROGRESS,
  WOULD_BLOCK,
  INVALID_STATE,
  NEW_SOCKET_LIMIT,
  ADDRESS_NOT_BINDABLE,
  ADDRESS_IN_USE,
  REMOTE_UNREACHABLE,
  CONNECTION_REFUSED,
  CONNECTION_RESET,
  CONNECTION_ABORTED,
  DATAGRAM_TOO_LARGE,
  NAME_UNRESOLVABLE,
  TEMPORARY_RESOLVER_FAILURE,
  PERMANENT_RESOLVER_FAILURE;

  /** What Java says by class, or only by the system's words for errno. */
  static ErrorCode of(Exception failure) {
    if (failure instanceof NetworkException known) {
      return known.code();
    }
    if (failure instanceof UnsupportedAddressTypeException) {
      return INVALID_ARGUMENT;
    }
    if (failure instanceof PortUnreachableException) {
      return CONNECTION_REFUSED;
    }
    String words = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (words.contains("permission denied") || words.contains("not permitted")) {
      return ACCESS_DENIED;
    }
    if (failure instanceof BindException) {
      return words.contains("in use") ? ADDRESS_IN_USE : ADDRESS_NOT_BINDABLE;
    }
    if (failure instanceof NoRouteToHostException || words.contains("unreachable")) {
      return REMOTE_UNREACHABLE;
    }
    if (words.contains("timed out")) {
      return TIMEOUT;
    }
    if (failure instanceof ConnectException) {
      return CONNECTION_REFUSED;
    }
    if (words.contains("reset") || words.contains("broken pipe")) {
      return CONNECTION_RESET;
    }
    return words.contains("message too long") ? DATAGRAM_TOO_LARGE : UNKNOWN;
  }

  /** As an exception. */
  NetworkException failure() {
    return new NetworkException(this);
  }

  /** The same failure with the code that guests get. */
  static NetworkException known(IOException failure) {
    return failure instanceof NetworkException known ? known : of(failure).failure();
  }
}
