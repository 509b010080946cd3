package io.wattle.runtime.concurrency;

/** What a waitable tells (CanonicalABI.md, {@code EventCode}). */
enum EventCode {
  NONE(0),
  SUBTASK(1),
  STREAM_READ(2),
  STREAM_WRITE(3),
  FUTURE_READ(4),
  FUTURE_WRITE(5),
  TASK_CANCELLED(6);

  private final int code;

  EventCode(int code) {
    this.code = code;
  }

  /** As the guest sees it. */
  int code() {
    return code;
  }
}
