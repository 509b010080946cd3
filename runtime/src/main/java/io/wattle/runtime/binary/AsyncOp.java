package io.wattle.runtime.binary;

import org.jspecify.annotations.Nullable;

/**
 * A built-in of the concurrency features (Binary.md, {@code canon}), and what is written after it.
 */
public enum AsyncOp {
  TASK_CANCEL(0x05, "task.cancel", Immediates.NONE),
  SUBTASK_CANCEL(0x06, "subtask.cancel", Immediates.FLAG),
  TASK_RETURN(0x09, "task.return", Immediates.RESULT_OPTIONS),
  CONTEXT_GET(0x0a, "context.get", Immediates.VALUE_SLOT),
  CONTEXT_SET(0x0b, "context.set", Immediates.VALUE_SLOT),
  THREAD_YIELD(0x0c, "thread.yield", Immediates.FLAG),
  SUBTASK_DROP(0x0d, "subtask.drop", Immediates.NONE),
  STREAM_NEW(0x0e, "stream.new", Immediates.TYPE),
  STREAM_READ(0x0f, "stream.read", Immediates.TYPE_OPTIONS),
  STREAM_WRITE(0x10, "stream.write", Immediates.TYPE_OPTIONS),
  STREAM_CANCEL_READ(0x11, "stream.cancel-read", Immediates.TYPE_FLAG),
  STREAM_CANCEL_WRITE(0x12, "stream.cancel-write", Immediates.TYPE_FLAG),
  STREAM_DROP_READABLE(0x13, "stream.drop-readable", Immediates.TYPE),
  STREAM_DROP_WRITABLE(0x14, "stream.drop-writable", Immediates.TYPE),
  FUTURE_NEW(0x15, "future.new", Immediates.TYPE),
  FUTURE_READ(0x16, "future.read", Immediates.TYPE_OPTIONS),
  FUTURE_WRITE(0x17, "future.write", Immediates.TYPE_OPTIONS),
  FUTURE_CANCEL_READ(0x18, "future.cancel-read", Immediates.TYPE_FLAG),
  FUTURE_CANCEL_WRITE(0x19, "future.cancel-write", Immediates.TYPE_FLAG),
  FUTURE_DROP_READABLE(0x1a, "future.drop-readable", Immediates.TYPE),
  FUTURE_DROP_WRITABLE(0x1b, "future.drop-writable", Immediates.TYPE),
  ERROR_CONTEXT_NEW(0x1c, "error-context.new", Immediates.OPTIONS),
  ERROR_CONTEXT_DEBUG_MESSAGE(0x1d, "error-context.debug-message", Immediates.OPTIONS),
  ERROR_CONTEXT_DROP(0x1e, "error-context.drop", Immediates.NONE),
  WAITABLE_SET_NEW(0x1f, "waitable-set.new", Immediates.NONE),
  WAITABLE_SET_WAIT(0x20, "waitable-set.wait", Immediates.FLAG_INDEX),
  WAITABLE_SET_POLL(0x21, "waitable-set.poll", Immediates.FLAG_INDEX),
  WAITABLE_SET_DROP(0x22, "waitable-set.drop", Immediates.NONE),
  WAITABLE_JOIN(0x23, "waitable.join", Immediates.NONE),
  BACKPRESSURE_INC(0x24, "backpressure.inc", Immediates.NONE),
  BACKPRESSURE_DEC(0x25, "backpressure.dec", Immediates.NONE),
  THREAD_INDEX(0x26, "thread.index", Immediates.NONE),
  THREAD_NEW_INDIRECT(0x27, "thread.new-indirect", Immediates.TYPE_INDEX),
  THREAD_RESUME_LATER(0x28, "thread.resume-later", Immediates.NONE),
  THREAD_SUSPEND(0x29, "thread.suspend", Immediates.FLAG),
  THREAD_SUSPEND_THEN_RESUME(0x2a, "thread.suspend-then-resume", Immediates.FLAG),
  THREAD_YIELD_THEN_RESUME(0x2b, "thread.yield-then-resume", Immediates.FLAG),
  THREAD_SUSPEND_THEN_PROMOTE(0x2c, "thread.suspend-then-promote", Immediates.FLAG),
  THREAD_YIELD_THEN_PROMOTE(0x2d, "thread.yield-then-promote", Immediates.FLAG),
  THREAD_SPAWN_REF(0x40, "thread.spawn-ref", Immediates.FLAG_INDEX),
  THREAD_SPAWN_INDIRECT(0x41, "thread.spawn-indirect", Immediates.FLAG_TYPE_INDEX),
  THREAD_AVAILABLE_PARALLELISM(0x42, "thread.available-parallelism", Immediates.FLAG);

  /** What follows the code of a built-in. */
  enum Immediates {
    NONE,
    FLAG,
    TYPE,
    TYPE_FLAG,
    TYPE_OPTIONS,
    TYPE_INDEX,
    FLAG_INDEX,
    FLAG_TYPE_INDEX,
    OPTIONS,
    RESULT_OPTIONS,
    VALUE_SLOT
  }

  private final int code;
  private final String text;
  final Immediates immediates;

  AsyncOp(int code, String text, Immediates immediates) {
    this.code = code;
    this.text = text;
    this.immediates = immediates;
  }

  static @Nullable AsyncOp of(int code) {
    for (AsyncOp op : values()) {
      if (op.code == code) {
        return op;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return text;
  }
}
