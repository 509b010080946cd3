package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.ElementBuffer;
import io.wattle.runtime.abi.Passage;
import io.wattle.runtime.abi.Traps;
import io.wattle.wit.type.ValueType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What lies between the two ends of a stream or future: at most one read or write that waits. */
abstract sealed class Shared implements Passage {
  private final ValueType type;
  private final @Nullable ValueType element;
  boolean dropped;
  @Nullable Copy pending;

  private Shared(ValueType type, @Nullable ValueType element) {
    this.type = type;
    this.element = element;
  }

  /** The stream's or future's type. */
  final ValueType type() {
    return type;
  }

  abstract boolean future();

  final String name() {
    return future() ? "future" : "stream";
  }

  @Override
  public final CopyEnd.ReadEnd readable() {
    return new CopyEnd.ReadEnd(this);
  }

  final CopyEnd.WriteEnd writable() {
    return new CopyEnd.WriteEnd(this);
  }

  abstract void read(Copy into);

  abstract void write(Copy from);

  /** Whether a read or write at this end waits for the other end to move more. */
  final boolean unfinished(CopyEnd end) {
    Copy copy = pending;
    return copy != null && copy.end() == end && copy.buffer().remain() > 0;
  }

  final void cancel() {
    finish(CopyResult.CANCELLED);
  }

  /** One end is no more. */
  final void drop() {
    if (!dropped) {
      dropped = true;
      if (pending != null) {
        finish(CopyResult.DROPPED);
      }
    }
  }

  /** Ends what waits. */
  final void finish(CopyResult result) {
    Copy copy = Objects.requireNonNull(pending, "a read or write waits");
    pending = null;
    copy.done(result);
  }

  /** Values with handles or pointers cannot go from an instance to itself, for now. */
  final void checkBetween(Copy one, Copy other) {
    if (one.instance() == other.instance() && element != null && !number(element)) {
      throw Traps.trap("cannot read from and write to intra-component " + name());
    }
  }

  private static boolean number(ValueType type) {
    return type instanceof ValueType.Primitive p
        && switch (p) {
          case S8, U8, S16, U16, S32, U32, S64, U64, F32, F64 -> true;
          case BOOL, CHAR, STRING, ERROR_CONTEXT -> false;
        };
  }

  /** Any number of elements (CanonicalABI.md, {@code SharedStreamImpl}). */
  static final class Stream extends Shared {
    Stream(ValueType.StreamType type) {
      super(type, type.element());
    }

    @Override
    boolean future() {
      return false;
    }

    @Override
    void read(Copy into) {
      copy(into, true);
    }

    @Override
    void write(Copy from) {
      copy(from, false);
    }

    private void copy(Copy mine, boolean reads) {
      Copy theirs = pending;
      if (dropped) {
        mine.done(CopyResult.DROPPED);
      } else if (theirs == null) {
        pending = mine;
      } else {
        checkBetween(mine, theirs);
        if (theirs.buffer().remain() > 0) {
          int count = Math.min(mine.buffer().remain(), theirs.buffer().remain());
          if (count > 0) {
            Copy from = reads ? theirs : mine;
            Copy to = reads ? mine : theirs;
            ElementBuffer.move(from.buffer(), to.buffer(), count);
            theirs.progressed(() -> pending = null);
          }
          mine.done(CopyResult.COMPLETED);
        } else if (!reads && mine.buffer().isZeroLength() && theirs.buffer().isZeroLength()) {
          mine.done(CopyResult.COMPLETED);
        } else {
          finish(CopyResult.COMPLETED);
          pending = mine;
        }
      }
    }
  }

  /** One value (CanonicalABI.md, {@code SharedFutureImpl}). */
  static final class Future extends Shared {
    Future(ValueType.FutureType type) {
      super(type, type.element());
    }

    @Override
    boolean future() {
      return true;
    }

    @Override
    void read(Copy into) {
      copy(into, true);
    }

    @Override
    void write(Copy from) {
      copy(from, false);
    }

    private void copy(Copy mine, boolean reads) {
      Copy theirs = pending;
      if (dropped) {
        mine.done(CopyResult.DROPPED);
      } else if (theirs == null) {
        pending = mine;
      } else {
        checkBetween(mine, theirs);
        Copy from = reads ? theirs : mine;
        Copy to = reads ? mine : theirs;
        ElementBuffer.move(from.buffer(), to.buffer(), 1);
        finish(CopyResult.COMPLETED);
        mine.done(CopyResult.COMPLETED);
      }
    }
  }
}
