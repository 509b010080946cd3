package io.wattle.lattice.control;

/** The answer is {@code success: false} with this message. */
public final class ControlRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  public ControlRefusal(String message) {
    super(message);
  }
}
