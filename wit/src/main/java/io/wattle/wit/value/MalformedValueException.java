package io.wattle.wit.value;

/**
 * Encoded data does not fit the type it is read as. The message says what was expected, what was
 * got and where.
 */
public final class MalformedValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedValueException(String message) {
    super(message);
  }
}
