package io.wattle.host.component;

/** A component cannot be started or replaced; the message is the event's {@code error}. */
final class ComponentException extends Exception {
  private static final long serialVersionUID = 1L;

  ComponentException(String message) {
    super(message);
  }

  ComponentException(String message, Throwable cause) {
    super(message, cause);
  }
}
