package io.wattle.lattice.messaging;

/** A message was not sent, or not answered, or its receiver refused it. The text says why. */
public final class MessagingException extends Exception {
  private static final long serialVersionUID = 1L;

  public MessagingException(String message) {
    super(message);
  }

  public MessagingException(String message, Throwable cause) {
    super(message, cause);
  }
}
