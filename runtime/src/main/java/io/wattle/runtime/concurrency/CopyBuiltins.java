package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.CallContext;
import io.wattle.runtime.abi.CallScope;
import io.wattle.runtime.abi.ElementBuffer;
import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.abi.Traps;
import io.wattle.runtime.binary.AsyncOp;
import io.wattle.runtime.plan.Step;
import io.wattle.wit.type.ValueType;

/** The built-ins for streams and futures (CanonicalABI.md, {@code canon stream.*}). */
final class CopyBuiltins {
  private static final long[] NOTHING = {};
  private final Scheduler scheduler;
  private final Linkage linkage;

  CopyBuiltins(Scheduler scheduler, Linkage linkage) {
    this.scheduler = scheduler;
    this.linkage = linkage;
  }

  private static long[] answer(int value) {
    return new long[] {Integer.toUnsignedLong(value)};
  }

  long[] call(AsyncOp op, Step.Copying copying, InstanceState state, long[] arguments) {
    return switch (op) {
      case STREAM_NEW -> make(new Shared.Stream((ValueType.StreamType) copying.type()), state);
      case FUTURE_NEW -> make(new Shared.Future((ValueType.FutureType) copying.type()), state);
      case STREAM_READ -> copy(copying, EventCode.STREAM_READ, state, arguments);
      case STREAM_WRITE -> copy(copying, EventCode.STREAM_WRITE, state, arguments);
      case FUTURE_READ -> copy(copying, EventCode.FUTURE_READ, state, arguments);
      case FUTURE_WRITE -> copy(copying, EventCode.FUTURE_WRITE, state, arguments);
      case STREAM_CANCEL_READ, FUTURE_CANCEL_READ ->
          cancel(found(copying, true, state, arguments), copying);
      case STREAM_CANCEL_WRITE, FUTURE_CANCEL_WRITE ->
          cancel(found(copying, false, state, arguments), copying);
      case STREAM_DROP_READABLE, FUTURE_DROP_READABLE -> drop(copying, true, state, arguments);
      case STREAM_DROP_WRITABLE, FUTURE_DROP_WRITABLE -> drop(copying, false, state, arguments);
      default -> throw new AssertionError(op);
    };
  }

  private static long[] make(Shared shared, InstanceState state) {
    long readable = state.handles().add(shared.readable());
    long writable = state.handles().add(shared.writable());
    return new long[] {readable | writable << 32};
  }

  private static CopyEnd end(
      Step.Copying copying, boolean readable, InstanceState state, long[] arguments) {
    int index = (int) arguments[0];
    CopyEnd end =
        readable
            ? state.handles().get(index, CopyEnd.ReadEnd.class, "a readable end")
            : state.handles().get(index, CopyEnd.WriteEnd.class, "a writable end");
    end.checkType(copying.type());
    return end;
  }

  /** The end for an operation that waits unless it is async. */
  private CopyEnd found(
      Step.Copying copying, boolean readable, InstanceState state, long[] arguments) {
    return copying.options().async()
        ? end(copying, readable, state, arguments)
        : scheduler.toWaitFor(() -> end(copying, readable, state, arguments));
  }

  private long[] copy(Step.Copying copying, EventCode code, InstanceState state, long[] arguments) {
    boolean reads = code == EventCode.STREAM_READ || code == EventCode.FUTURE_READ;
    CopyEnd end = found(copying, reads, state, arguments);
    end.checkIdle();
    boolean async = copying.options().async();
    if (!async) {
      end.checkAlone();
    }
    CallContext context = linkage.context(state, new CallScope(), copying.options());
    long length = end.shared.future() ? 1 : arguments[2];
    ElementBuffer buffer = new ElementBuffer(copying.element(), context, arguments[1], length);
    end.state = CopyEnd.State.COPYING;
    end.copy(new Copy(state, buffer, end, (int) arguments[0], code));
    if (!end.hasEvent()) {
      if (async) {
        return answer(Builtins.BLOCKED);
      }
      end.await(scheduler);
    }
    return answer(end.takeEvent().payload());
  }

  private long[] cancel(CopyEnd end, Step.Copying copying) {
    if (end.state != CopyEnd.State.COPYING || end.hasSyncWaiter()) {
      throw Traps.trap(
          "nothing to cancel: " + end.what() + " is not being read or written asynchronously");
    }
    boolean async = copying.options().async();
    if (!async) {
      end.checkAlone();
    }
    end.state = CopyEnd.State.CANCELLING;
    // What moved in part could go on: its end is the cancellation, not what was told so far.
    if (!end.hasEvent() || end.shared.unfinished(end)) {
      end.shared.cancel();
    }
    return answer(end.takeEvent().payload());
  }

  private static long[] drop(
      Step.Copying copying, boolean readable, InstanceState state, long[] arguments) {
    end(copying, readable, state, arguments).drop();
    state.handles().remove((int) arguments[0]);
    return NOTHING;
  }
}
