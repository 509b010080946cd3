package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.TableEntry;
import io.wattle.runtime.abi.Traps;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something a guest can wait for (CanonicalABI.md, {@code Waitable}). */
abstract class Waitable implements TableEntry {
  /** Made when it is delivered: what happens until then is still part of it. */
  private @Nullable Supplier<Event> pending;

  private @Nullable WaitableSet set;
  private boolean syncWaiter;

  final void tell(Supplier<Event> event) {
    if (pending == null && set != null) {
      set.events(1);
    }
    pending = event;
  }

  final boolean hasEvent() {
    return pending != null;
  }

  final Event takeEvent() {
    Supplier<Event> event = Objects.requireNonNull(pending, "there is an event");
    pending = null;
    if (set != null) {
      set.events(-1);
    }
    return event.get();
  }

  final boolean inSet() {
    return set != null;
  }

  final boolean hasSyncWaiter() {
    return syncWaiter;
  }

  /** Traps when it is in a set: waiting for it alone would take the set's event. */
  final void checkAlone() {
    if (set != null) {
      throw notAlone();
    }
  }

  private static RuntimeException notAlone() {
    return Traps.trap("waitable cannot be used synchronously while added to a waitable set");
  }

  /** Waits for its event, on the running thread. */
  final void await(Scheduler scheduler) {
    await(scheduler, this::hasEvent);
  }

  /** Waits for an event of its that {@code there} says is there, on the running thread. */
  final void await(Scheduler scheduler, BooleanSupplier there) {
    syncWaiter = true;
    boolean _ = scheduler.waitUntil(there, false);
    syncWaiter = false;
  }

  /** Moves it into a set, or out of any. */
  final void join(@Nullable WaitableSet next) {
    if (syncWaiter) {
      throw notAlone();
    }
    int events = pending == null ? 0 : 1;
    if (set != null) {
      set.members().remove(this);
      set.events(-events);
    }
    set = next;
    if (next != null) {
      next.members().add(this);
      next.events(events);
    }
  }
}
