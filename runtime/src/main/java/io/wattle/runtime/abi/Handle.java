package io.wattle.runtime.abi;

import io.wattle.wit.type.ResourceType;
import org.jspecify.annotations.Nullable;

/** An entry of a handle table (CanonicalABI.md, {@code ResourceHandle}). */
public final class Handle implements TableEntry {
  final ResourceType type;

  /** The Java object of a host resource, the {@code Integer} of a guest's own. */
  final Object rep;

  /** The call that a borrowed handle must be dropped in; null for an owned one. */
  final @Nullable CallScope borrowedIn;

  int lends;

  Handle(ResourceType type, Object rep, @Nullable CallScope borrowedIn) {
    this.type = type;
    this.rep = rep;
    this.borrowedIn = borrowedIn;
  }

  @Override
  public String what() {
    return "a resource";
  }

  /** The host's object or the guest's number. */
  public Object rep() {
    return rep;
  }

  /** Of which resource. */
  public ResourceType type() {
    return type;
  }

  /** Whether it owns the resource. */
  public boolean owned() {
    return borrowedIn == null;
  }
}
