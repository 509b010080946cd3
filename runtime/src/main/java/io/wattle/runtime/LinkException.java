package io.wattle.runtime;

import io.wattle.runtime.engine.Printable;

/** A component's import cannot be served here; the message names interface, version and reason. */
public final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  public LinkException(String message) {
    super(Printable.line(message));
  }
}
