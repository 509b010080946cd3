package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreMemory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One side of a call: whose memory is read or written, and what it borrows (CanonicalABI.md, {@code
 * LiftLowerContext}).
 */
public final class CallContext {
  /** The longest string or list in bytes (CanonicalABI.md, {@code MAX_LIST_BYTE_LENGTH}). */
  static final long MAX_BYTES = (1L << 28) - 1;

  final InstanceState instance;
  final CallScope scope;
  private final @Nullable CoreMemory memory;
  private final @Nullable CoreFunction realloc;
  private long budget;

  /**
   * Makes a context.
   *
   * @param budget bytes that may be lifted: small data in a guest can describe huge values
   */
  public CallContext(
      InstanceState instance,
      CallScope scope,
      @Nullable CoreMemory memory,
      @Nullable CoreFunction realloc,
      long budget) {
    this.instance = instance;
    this.scope = scope;
    this.memory = memory;
    this.realloc = realloc;
    this.budget = budget;
  }

  CoreMemory memory() {
    return Objects.requireNonNull(memory, "validation demands the option memory");
  }

  /** Takes what is about to be copied to the host off the budget. */
  void spend(long bytes) {
    budget -= bytes;
    if (budget < 0) {
      throw Traps.limit("the values of one call are larger than the limit allows");
    }
  }

  /** Checks that a pointer from the guest is aligned and that so many bytes are there. */
  void check(int address, long bytes, int align, String what) {
    if ((address & (align - 1)) != 0) {
      throw Traps.trap(
          "unaligned pointer to "
              + what
              + ": 0x"
              + Integer.toHexString(address)
              + " (expected: a multiple of "
              + align
              + ")");
    }
    long end = Integer.toUnsignedLong(address) + bytes;
    if (end > memory().byteSize()) {
      throw Traps.trap(
          what
              + " out of bounds of memory: ends at "
              + end
              + " (expected: at most "
              + memory().byteSize()
              + ")");
    }
  }

  /** Asks the guest for memory. */
  int allocate(int align, long bytes) {
    return reallocate(0, 0, align, bytes);
  }

  /** Asks the guest for memory in the place of what it gave before. */
  int reallocate(int before, long bytesBefore, int align, long bytes) {
    if (bytes > Integer.MAX_VALUE) {
      throw Traps.limit("a value of " + bytes + " bytes (expected: less than 2 GiB)");
    }
    CoreFunction guest = Objects.requireNonNull(realloc, "validation demands the option realloc");
    boolean mayLeave = instance.mayLeave;
    instance.mayLeave = false;
    long storage = instance.freshStorage();
    int address = (int) guest.call(Integer.toUnsignedLong(before), bytesBefore, align, bytes)[0];
    instance.restoreStorage(storage);
    instance.mayLeave = mayLeave;
    if ((address & (align - 1)) != 0) {
      throw Traps.trap(
          "realloc returned an unaligned pointer: 0x"
              + Integer.toHexString(address)
              + " (expected: a multiple of "
              + align
              + ")");
    }
    if (Integer.toUnsignedLong(address) + bytes > memory().byteSize()) {
      throw Traps.trap("realloc returned a pointer out of bounds of memory");
    }
    return address;
  }
}
