package io.wattle.runtime.abi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call has borrowed: handles it received and must drop before it returns, and handles whose
 * owners lent them to it (CanonicalABI.md, {@code num_borrows} and {@code lenders}).
 */
public final class CallScope {
  int borrows;
  private @Nullable List<Handle> lenders;

  void lend(Handle handle) {
    handle.lends++;
    if (lenders == null) {
      lenders = new ArrayList<>(2);
    }
    lenders.add(handle);
  }

  /** The call returned: lenders have their handles back. */
  public void giveBack() {
    if (lenders != null) {
      for (Handle handle : lenders) {
        handle.lends--;
      }
      lenders = null;
    }
  }

  /** Traps when the call still holds what it borrowed. */
  public void checkDropped() {
    if (borrows > 0) {
      throw Traps.trap("borrow handles still remain at the end of the call: " + borrows);
    }
  }
}
