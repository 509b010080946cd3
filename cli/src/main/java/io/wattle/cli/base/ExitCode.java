package io.wattle.cli.base;

/** What a command's exit code says. These numbers are a promise to scripts. */
public enum ExitCode {
  OK(0, "ok"),
  FAILED(1, "failed"),
  USAGE(2, "usage"),
  NOT_FOUND(3, "not-found"),
  TIMEOUT(4, "timeout"),
  UNREACHABLE(5, "unreachable");

  private final int code;
  private final String kind;

  ExitCode(int code, String kind) {
    this.code = code;
    this.kind = kind;
  }

  /** The process's exit code. */
  public int code() {
    return code;
  }

  /** The name of the kind in the JSON envelope. */
  public String kind() {
    return kind;
  }
}
