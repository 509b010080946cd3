package io.wattle.runtime.abi;

import io.wattle.wit.type.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A component instance's handles (CanonicalABI.md, {@code Table}). Index 0 is never used. */
public final class HandleTable {
  /** Fewer than the specification allows (2^28 - 1): each costs the host memory. */
  private static final int MAX = 1 << 16;

  private final List<@Nullable Handle> entries = new ArrayList<>();
  private final List<Integer> free = new ArrayList<>();

  HandleTable() {
    entries.add(null);
  }

  int add(Handle handle) {
    if (!free.isEmpty()) {
      int index = free.removeLast();
      entries.set(index, handle);
      return index;
    }
    if (entries.size() > MAX) {
      throw Traps.limit("more than " + MAX + " handles in a component instance");
    }
    entries.add(handle);
    return entries.size() - 1;
  }

  /** The handle at an index, which must be of this type. */
  Handle get(int index, ResourceType type) {
    Handle handle = index > 0 && index < entries.size() ? entries.get(index) : null;
    if (handle == null) {
      throw Traps.trap("unknown handle index " + Integer.toUnsignedString(index));
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
    entries.set(index, null);
    free.add(index);
    return handle;
  }

  /** Whether no handle was ever added since it was cleared. */
  boolean untouched() {
    return entries.size() == 1;
  }

  /** Every handle still there. */
  public List<Handle> all() {
    List<Handle> all = new ArrayList<>();
    for (Handle handle : entries) {
      if (handle != null) {
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
