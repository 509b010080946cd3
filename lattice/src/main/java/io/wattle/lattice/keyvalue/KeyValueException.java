package io.wattle.lattice.keyvalue;

/** A store answered with an error. */
public final class KeyValueException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient KeyValueError error;

  public KeyValueException(KeyValueError error) {
    super(text(error));
    this.error = error;
  }

  /** Case {@code other} with a text. */
  public static KeyValueException other(String text) {
    return new KeyValueException(new KeyValueError.Other(text));
  }

  /** The error. */
  public KeyValueError error() {
    return error;
  }

  private static String text(KeyValueError error) {
    return switch (error) {
      case KeyValueError.NoSuchStore none -> "no such store";
      case KeyValueError.AccessDenied denied -> "access denied";
      case KeyValueError.Other(String text) -> text;
    };
  }
}
