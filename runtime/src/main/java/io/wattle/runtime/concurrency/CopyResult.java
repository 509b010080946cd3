package io.wattle.runtime.concurrency;

/** How a read or write ended (CanonicalABI.md, {@code CopyResult}). */
enum CopyResult {
  COMPLETED(0),
  DROPPED(1),
  CANCELLED(2);

  private final int code;

  CopyResult(int code) {
    this.code = code;
  }

  /** As the guest sees it. */
  int code() {
    return code;
  }
}
