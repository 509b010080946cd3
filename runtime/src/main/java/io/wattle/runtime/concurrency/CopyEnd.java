package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.Passage;
import io.wattle.runtime.abi.Traps;
import io.wattle.wit.type.ValueType;

/** An end of a stream or future (CanonicalABI.md, {@code CopyEnd}). */
abstract sealed class CopyEnd extends Waitable {
  /** What the guest does with it. */
  enum State {
    IDLE,
    COPYING,
    CANCELLING,
    DONE;

    boolean busy() {
      return switch (this) {
        case IDLE, DONE -> false;
        case COPYING, CANCELLING -> true;
      };
    }
  }

  final Shared shared;
  State state = State.IDLE;

  private CopyEnd(Shared shared) {
    this.shared = shared;
  }

  /** The end that is read from. */
  static final class ReadEnd extends CopyEnd implements Passage.ReadableEnd {
    ReadEnd(Shared shared) {
      super(shared);
    }

    @Override
    public String what() {
      return "the readable end of a " + shared.name();
    }

    @Override
    void copy(Copy copy) {
      shared.read(copy);
    }

    @Override
    void checkDone() {
      if (state == State.DONE) {
        throw Traps.trap("cannot read from " + shared.name() + after());
      }
    }

    private String after() {
      return shared.future()
          ? " after previous read succeeded"
          : " after being notified that the writable end dropped";
    }

    @Override
    public Passage passOn(ValueType type) {
      checkType(type);
      if (state == State.DONE) {
        throw Traps.trap("cannot lift " + shared.name() + after());
      }
      if (state.busy()) {
        throw Traps.trap("cannot lift busy " + shared.name());
      }
      if (inSet()) {
        throw Traps.trap("cannot lift " + shared.name() + " while it's in a waitable set");
      }
      return shared;
    }

    @Override
    void checkDroppable() {
      if (state.busy()) {
        throw Traps.trap("cannot remove busy " + shared.name());
      }
    }
  }

  /** The end that is written to. */
  static final class WriteEnd extends CopyEnd {
    WriteEnd(Shared shared) {
      super(shared);
    }

    @Override
    public String what() {
      return "the writable end of a " + shared.name();
    }

    @Override
    void copy(Copy copy) {
      shared.write(copy);
    }

    @Override
    void checkDone() {
      if (state == State.DONE) {
        throw Traps.trap(
            "cannot write to "
                + shared.name()
                + (shared.future()
                    ? " after previous write succeeded or readable end dropped"
                    : " after being notified that the readable end dropped"));
      }
    }

    @Override
    void checkDroppable() {
      if (state.busy()) {
        throw Traps.trap("cannot drop busy " + shared.name());
      }
      if (shared.future() && state != State.DONE) {
        throw Traps.trap("cannot drop future write end without first writing a value");
      }
    }
  }

  /** Begins to read or write. */
  abstract void copy(Copy copy);

  /** Traps when nothing more can be read or written. */
  abstract void checkDone();

  abstract void checkDroppable();

  final void checkIdle() {
    checkDone();
    if (state.busy()) {
      throw Traps.trap(
          "cannot have concurrent operations active on a future/stream: " + what() + " is busy");
    }
  }

  final void checkType(ValueType type) {
    if (!shared.type().equals(type)) {
      throw Traps.trap(
          what() + " is of another type: " + shared.type() + " (expected: " + type + ")");
    }
  }

  /** The guest is told of the end of a read or write: what it is told. */
  final int ended(Copy copy, CopyResult result) {
    boolean last =
        switch (result) {
          case COMPLETED -> shared.future();
          case DROPPED -> true;
          case CANCELLED -> false;
        };
    state = last ? State.DONE : State.IDLE;
    return shared.future() ? result.code() : result.code() | copy.buffer().progress() << 4;
  }

  final void drop() {
    checkDroppable();
    shared.drop();
    join(null);
  }
}
