package io.wattle.runtime.abi;

import io.wattle.wit.type.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * A component instance while it lives: its handles and whether it may be entered and left
 * (CanonicalABI.md, {@code ComponentInstance}).
 */
public final class InstanceState {
  private final int index;
  private final @Nullable InstanceState parent;
  private final Upkeep upkeep;
  private final HandleTable handles;
  private boolean mayEnter = true;
  boolean mayLeave = true;

  /** That of the thread that runs in it. */
  private ThreadStorage storage = ThreadStorage.EMPTY;

  private int backpressure;

  public InstanceState(int index, @Nullable InstanceState parent, Upkeep upkeep) {
    this.index = index;
    this.parent = parent;
    this.upkeep = upkeep;
    this.handles = new HandleTable(upkeep);
  }

  /** Its number in the plan. */
  public int index() {
    return index;
  }

  /** Its handles. */
  public HandleTable handles() {
    return handles;
  }

  /** Where what is kept for it is counted. */
  public Upkeep upkeep() {
    return upkeep;
  }

  /** Whether it and those around it that {@code caller} is not in can be entered now. */
  public boolean mayEnterFrom(@Nullable InstanceState caller) {
    for (InstanceState i = this; i != null; i = i.parent) {
      if (!i.mayEnter && !within(caller, i)) {
        return false;
      }
    }
    return true;
  }

  /** Enters it and those around it that {@code caller} is not in; traps when one is entered. */
  public void enterFrom(@Nullable InstanceState caller) {
    if (!mayEnterFrom(caller)) {
      throw Traps.trap("cannot enter component instance: it is being called already");
    }
    set(caller, false);
  }

  /** Leaves what {@link #enterFrom} entered. */
  public void leaveTo(@Nullable InstanceState caller) {
    set(caller, true);
  }

  private void set(@Nullable InstanceState caller, boolean value) {
    for (InstanceState i = this; i != null; i = i.parent) {
      if (!within(caller, i)) {
        i.mayEnter = value;
      }
    }
  }

  private static boolean within(@Nullable InstanceState inner, InstanceState outer) {
    for (InstanceState i = inner; i != null; i = i.parent) {
      if (i == outer) {
        return true;
      }
    }
    return false;
  }

  /** Traps when it may not call out now: inside realloc or post-return. */
  public void checkMayLeave() {
    if (!mayLeave) {
      throw Traps.trap("cannot leave component instance during realloc or post-return");
    }
  }

  /** Begins a call: it runs on a thread of its own, whose storage is empty. The storage before. */
  public ThreadStorage freshStorage() {
    ThreadStorage before = storage;
    storage = ThreadStorage.EMPTY;
    return before;
  }

  /** Puts a thread's storage in the place of another's. The storage before. */
  public ThreadStorage exchangeStorage(ThreadStorage next) {
    ThreadStorage before = storage;
    storage = next;
    return before;
  }

  /** Ends what {@link #freshStorage} began. */
  public void restoreStorage(ThreadStorage before) {
    storage = before;
  }

  /** What the running thread keeps (CanonicalABI.md, {@code canon context.get}). */
  public long stored(int slot) {
    return storage.get(slot);
  }

  /** Keeps a value for the running thread. */
  public void store(int slot, long value) {
    storage = storage.with(slot, value);
  }

  /** Counts up or down what keeps new tasks out (CanonicalABI.md, {@code canon backpressure}). */
  public void backpressure(int change) {
    backpressure += change;
    if (backpressure < 0 || backpressure >= 1 << 16) {
      throw Traps.trap("backpressure counter out of bounds: " + backpressure);
    }
  }

  /** Whether it asked that no new tasks start (CanonicalABI.md, "Backpressure"). */
  public boolean hasBackpressure() {
    return backpressure > 0;
  }

  /** Runs a post-return function: nothing may be called from it. */
  public void withoutLeaving(Runnable code) {
    mayLeave = false;
    code.run();
    mayLeave = true;
  }

  /** Adds an owned handle. */
  public int own(ResourceType type, Object rep) {
    return handles.add(new Handle(type, rep, null));
  }

  /** The handle behind an index. */
  public Handle handle(int handle, ResourceType type) {
    return handles.get(handle, type);
  }

  /** Takes a handle out to drop it; a borrowed one is given back to its call. */
  public Handle drop(int handle, ResourceType type) {
    Handle dropped = handles.remove(handle, type);
    if (dropped.borrowedIn != null) {
      dropped.borrowedIn.borrows--;
    }
    return dropped;
  }

  /** Whether it is as it was made. */
  public boolean untouched() {
    return handles.untouched()
        && mayEnter
        && mayLeave
        && backpressure == 0
        && storage.equals(ThreadStorage.EMPTY);
  }

  /** Back to how it was made. */
  public void reset() {
    if (!handles.untouched()) {
      handles.clear();
    }
    mayEnter = true;
    mayLeave = true;
    backpressure = 0;
    storage = ThreadStorage.EMPTY;
  }
}
