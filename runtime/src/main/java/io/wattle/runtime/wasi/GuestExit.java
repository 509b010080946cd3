package io.wattle.runtime.wasi;

/**
 * The cause of a {@link io.wattle.runtime.engine.TrapException} of kind EXIT: the guest ended
 * itself through {@code wasi:cli/exit}.
 */
public final class GuestExit extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int code;

  /** The end with a code. */
  public GuestExit(int code) {
    super("exit code " + code, null, false, false);
    this.code = code;
  }

  /** 0 to 255, 0 for success. */
  public int code() {
    return code;
  }
}
