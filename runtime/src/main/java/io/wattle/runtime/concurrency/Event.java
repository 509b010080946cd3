package io.wattle.runtime.concurrency;

/** What a waitable tells, once. */
record Event(EventCode code, int index, int payload) {
  static final Event NONE = new Event(EventCode.NONE, 0, 0);
  static final Event CANCELLED = new Event(EventCode.TASK_CANCELLED, 0, 0);
}
