package io.wattle.runtime.abi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call has borrowed: handles it received and must drop before it returns, and handles whose
 * owners lent them to it (CanonicalABI.md, {@code num_borrows} and {@code lenders}).
 */
public final class CallScope {
  /** Loans that are counted at once, before they are made; the first ones cost nothing. */
  private static final int LOANS = 1024;

  /** A reference in a list that may have grown by half just now, and was copied. */
  private static final int LOAN_BYTES = 16;

  int borrows;
  private @Nullable List<Handle> lenders;
  private Upkeep upkeep = Upkeep.FREE;
  private long counted;

  void lend(Handle handle, Upkeep countedBy) {
    if (lenders == null) {
      lenders = new ArrayList<>(2);
      upkeep = countedBy;
    } else if (lenders.size() % LOANS == 0) {
      upkeep.count(LOANS * LOAN_BYTES);
      counted += LOANS * LOAN_BYTES;
    }
    handle.lends++;
    lenders.add(handle);
  }

  /** The call returned: lenders have their handles back. */
  public void giveBack() {
    if (lenders != null) {
      for (Handle handle : lenders) {
        handle.lends--;
      }
      lenders = null;
      if (counted > 0) {
        upkeep.count(-counted);
        counted = 0;
      }
    }
  }

  /** Traps when the call still holds what it borrowed. */
  public void checkDropped() {
    if (borrows > 0) {
      throw Traps.trap("borrow handles still remain at the end of the call: " + borrows);
    }
  }
}
