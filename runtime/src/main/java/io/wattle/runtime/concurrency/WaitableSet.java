package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.TableEntry;
import io.wattle.runtime.abi.Traps;
import java.util.LinkedHashSet;
import java.util.Set;

/** Waitables of which the first event is wanted (CanonicalABI.md, {@code WaitableSet}). */
final class WaitableSet implements TableEntry {
  private final Set<Waitable> members = new LinkedHashSet<>();
  private int waiting;

  /** Members that have an event: asked for by each thread that waits, again and again. */
  private int withEvent;

  @Override
  public String what() {
    return "a waitable set";
  }

  Set<Waitable> members() {
    return members;
  }

  boolean hasEvent() {
    return withEvent > 0;
  }

  /** So many more of its members have an event. */
  void events(int more) {
    withEvent += more;
  }

  /** The event of the member that has waited longest for its turn; there must be one. */
  Event takeEvent() {
    for (Waitable member : members) {
      if (member.hasEvent()) {
        members.remove(member);
        members.add(member);
        return member.takeEvent();
      }
    }
    throw new AssertionError("no event in the set");
  }

  void beginWait() {
    waiting++;
  }

  /** What a thread that waited here gets. */
  Event endWait(boolean cancelled) {
    waiting--;
    return cancelled ? Event.CANCELLED : takeEvent();
  }

  void checkDroppable() {
    if (!members.isEmpty()) {
      throw Traps.trap("cannot drop waitable set with " + members.size() + " waitables in it");
    }
    if (waiting > 0) {
      throw Traps.trap("cannot drop waitable set with waiters");
    }
  }
}
