package io.wattle.runtime.suite;

/**
 * What became of one assertion.
 *
 * @param line where it stands in its script
 * @param what its type
 * @param detail why it failed or was skipped; empty when it passed
 */
record Outcome(int line, String what, Status status, String detail) {
  enum Status {
    PASSED,
    FAILED,
    SKIPPED
  }
}
