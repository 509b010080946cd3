package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreMemory;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One side of a call: whose memory is read or written, and what it borrows (CanonicalABI.md, {@code
 * LiftLowerContext}).
 */
public final class CallContext {
  /** The longest string or list in bytes (CanonicalABI.md, {@code MAX_LIST_BYTE_LENGTH}). */
  static final long MAX_BYTES = (1L << 28) - 1;

  /** More elements than pointers of 32 bits can count, so that their size fits a long. */
  static final long MAX_COUNT = 0xffff_ffffL;

  final InstanceState instance;
  final CallScope scope;
  private final @Nullable CoreMemory memory;
  private final @Nullable CoreFunction realloc;
  private final PointerType pointer;
  private long budget;

  /**
   * Makes a context.
   *
   * @param pointer into the memory
   * @param budget bytes that may be lifted: small data in a guest can describe huge values
   */
  public CallContext(
      InstanceState instance,
      CallScope scope,
      @Nullable CoreMemory memory,
      @Nullable CoreFunction realloc,
      PointerType pointer,
      long budget) {
    this.instance = instance;
    this.scope = scope;
    this.memory = memory;
    this.realloc = realloc;
    this.pointer = pointer;
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

  /** A pointer that the guest gave as a core value: unsigned. */
  public long pointer(long value) {
    return pointer.of(value);
  }

  /**
   * Checks that a pointer from the guest is aligned and that so many bytes are there.
   *
   * @param address unsigned
   * @return the address as memories take it
   */
  public int check(long address, long bytes, int align, String what) {
    if ((address & (align - 1)) != 0) {
      throw Traps.trap(
          "unaligned pointer to "
              + what
              + ": 0x"
              + Long.toHexString(address)
              + " (expected: a multiple of "
              + align
              + ")");
    }
    long size = memory().byteSize();
    if (address < 0 || address > size - bytes) {
      throw Traps.trap(
          what
              + " out of bounds of memory: ends at "
              + new BigInteger(Long.toUnsignedString(address)).add(BigInteger.valueOf(bytes))
              + " (expected: at most "
              + size
              + ")");
    }
    return (int) address;
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
    ThreadStorage storage = instance.freshStorage();
    long address =
        pointer(guest.call(Integer.toUnsignedLong(before), bytesBefore, align, bytes)[0]);
    instance.restoreStorage(storage);
    instance.mayLeave = mayLeave;
    if ((address & (align - 1)) != 0) {
      throw Traps.trap(
          "realloc returned an unaligned pointer: 0x"
              + Long.toHexString(address)
              + " (expected: a multiple of "
              + align
              + ")");
    }
    if (address < 0 || address > memory().byteSize() - bytes) {
      throw Traps.trap("realloc returned a pointer out of bounds of memory");
    }
    return (int) address;
  }
}
