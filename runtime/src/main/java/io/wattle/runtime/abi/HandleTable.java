package io.wattle.runtime.abi;

import io.wattle.wit.type.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A component instance's handles (CanonicalABI.md, {@code Table}). Index 0 is never used. */
public final class HandleTable {
  /** Fewer than the specification allows (2^28 - 1): each costs the host memory. */
  private static final int MAX = 1 << 16;

  private final List<@Nullable TableEntry> entries = new ArrayList<>();
  private final List<Integer> free = new ArrayList<>();

  private final Upkeep upkeep;

  HandleTable(Upkeep upkeep) {
    this.upkeep = upkeep;
    entries.add(null);
  }

  /** Adds an entry: its index. */
  public int add(TableEntry entry) {
    if (!free.isEmpty()) {
      int index = free.removeLast();
      entries.set(index, entry);
      return index;
    }
    if (entries.size() > MAX) {
      throw Traps.limit("more than " + MAX + " handles in a component instance");
    }
    upkeep.addSlot(entries.size());
    entries.add(entry);
    return entries.size() - 1;
  }

  private TableEntry get(int index) {
    TableEntry entry = index > 0 && index < entries.size() ? entries.get(index) : null;
    if (entry == null) {
      throw Traps.trap("unknown handle index " + Integer.toUnsignedString(index));
    }
    return entry;
  }

  /**
   * The entry at an index, which must be of this kind.
   *
   * @param expected what it must be, for the message
   */
  public <T extends TableEntry> T get(int index, Class<T> kind, String expected) {
    TableEntry entry = get(index);
    if (!kind.isInstance(entry)) {
      throw Traps.trap(
          "handle index " + index + " is " + entry.what() + " (expected: " + expected + ")");
    }
    return kind.cast(entry);
  }

  /** The handle at an index, which must be of this type. */
  Handle get(int index, ResourceType type) {
    if (!(get(index) instanceof Handle handle)) {
      return get(index, Handle.class, "a " + type.name());
    }
    if (handle.type != type) {
      throw Traps.trap(
          "handle index "
              + index
              + " used with the wrong type: "
              + handle.type.name()
              + " (expected: "
              + type.name()
              + ")");
    }
    return handle;
  }

  /** Takes a handle out, which must not be lent. */
  Handle remove(int index, ResourceType type) {
    Handle handle = get(index, type);
    if (handle.lends != 0) {
      throw Traps.trap("cannot remove owned resource while borrowed: handle index " + index);
    }
    remove(index);
    return handle;
  }

  /** Takes out what {@link #get} has found there. */
  public void remove(int index) {
    entries.set(index, null);
    free.add(index);
  }

  /** Whether no handle was ever added since it was cleared. */
  boolean untouched() {
    return entries.size() == 1;
  }

  /** Every resource handle still there. */
  public List<Handle> all() {
    List<Handle> all = new ArrayList<>();
    for (TableEntry entry : entries) {
      if (entry instanceof Handle handle) {
        all.add(handle);
      }
    }
    return all;
  }

  void clear() {
    entries.clear();
    entries.add(null);
    free.clear();
  }
}
