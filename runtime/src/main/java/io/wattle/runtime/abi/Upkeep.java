package io.wattle.runtime.abi;

/**
 * Where what the host keeps for a guest beside its memories is counted: handles, threads, loans. A
 * graph gives all of it back when it begins anew.
 */
public interface Upkeep {
  /** A slot of a table with what it stands for: a subtask with its task is the most. */
  int SLOT_BYTES = 768;

  /** So many slots are counted at once, before they are there; the first ones cost nothing. */
  int SLOTS = 64;

  /** Nobody counts. */
  Upkeep FREE = bytes -> {};

  /**
   * Takes or, when negative, gives back so many bytes.
   *
   * @throws io.wattle.runtime.engine.TrapException when there is no room for them
   */
  void count(long bytes);

  /** One more slot is to be there beside {@code slots}. */
  default void addSlot(int slots) {
    if (slots % SLOTS == 0) {
      count((long) SLOTS * SLOT_BYTES);
    }
  }
}
