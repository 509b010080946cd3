package io.wattle.lattice.call;

/** The way a call took; all of them mean the same (decision 15 of docs/architecture.md). */
public enum CallPath {
  /** Caller and callee are in one process: no message. */
  IN_PROCESS("in-process"),
  /** Between two of our own: one message each way. */
  ONE_MESSAGE("one-message"),
  /** wRPC as the protocol has it: a handshake, an accept, and streams. */
  WRPC("wrpc");

  private final String label;

  CallPath(String label) {
    this.label = label;
  }

  /** Its name in metrics and logs. */
  public String label() {
    return label;
  }
}
