package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.CallScope;
import io.wattle.runtime.abi.Traps;
import org.jspecify.annotations.Nullable;

/** A call, seen by its caller (CanonicalABI.md, {@code Subtask}). */
final class Subtask extends Waitable {
  /** How far it is. */
  enum State {
    STARTING(0),
    STARTED(1),
    RETURNED(2),
    CANCELLED_BEFORE_STARTED(3),
    CANCELLED_BEFORE_RETURNED(4);

    private final int code;

    State(int code) {
      this.code = code;
    }

    /** As the guest sees it. */
    int code() {
      return code;
    }

    boolean resolved() {
      return switch (this) {
        case STARTING, STARTED -> false;
        case RETURNED, CANCELLED_BEFORE_STARTED, CANCELLED_BEFORE_RETURNED -> true;
      };
    }
  }

  final CallScope scope = new CallScope();
  @Nullable GuestTask task;
  boolean cancellationRequested;
  long[] flatResults = {};
  private State state = State.STARTING;
  private boolean delivered;

  /** Its index in the caller's table once the caller has one, 0 before. */
  private int index;

  @Override
  public String what() {
    return "a subtask";
  }

  State state() {
    return state;
  }

  boolean resolved() {
    return state.resolved();
  }

  /** From now on the caller is told of every change. */
  void tellAs(int handle) {
    index = handle;
  }

  void to(State next) {
    state = next;
    if (index != 0) {
      tell(
          () -> {
            if (resolved()) {
              deliver();
            }
            return new Event(EventCode.SUBTASK, index, state.code());
          });
    }
  }

  /**
   * Waits for its end, on the running thread. That it has started may still be untold: the text
   * ({@code canon subtask.cancel}) waits for any event, and asserts that it is that of the end.
   */
  void awaitEnd(Scheduler scheduler) {
    await(scheduler, this::resolved);
  }

  /** The caller knows that it is over: it has back what it lent. */
  void deliver() {
    delivered = true;
    scope.giveBack();
  }

  boolean delivered() {
    return delivered;
  }

  void drop() {
    if (!delivered) {
      throw Traps.trap("cannot drop a subtask which has not yet resolved");
    }
    join(null);
  }
}
