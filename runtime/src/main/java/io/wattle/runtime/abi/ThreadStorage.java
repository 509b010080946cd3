package io.wattle.runtime.abi;

/**
 * What a guest's thread keeps (CanonicalABI.md, "thread-local storage"): two numbers, each of as
 * many bits as {@code context.set} writes.
 */
public record ThreadStorage(long first, long second) {
  /** Of a thread that begins. */
  public static final ThreadStorage EMPTY = new ThreadStorage(0, 0);

  long get(int slot) {
    return slot == 0 ? first : second;
  }

  ThreadStorage with(int slot, long value) {
    return slot == 0 ? new ThreadStorage(value, second) : new ThreadStorage(first, value);
  }
}
