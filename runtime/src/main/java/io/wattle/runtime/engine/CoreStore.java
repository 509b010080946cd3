package io.wattle.runtime.engine;

import org.jspecify.annotations.Nullable;

/**
 * All core instances of one component's graph: the unit that is stopped, snapshotted, reset and
 * thrown away. Used by one thread at a time, except for {@link #stop}.
 */
public interface CoreStore extends AutoCloseable {
  /**
   * Instantiates a module: allocates, initialises, runs its start function. Order matters for
   * snapshots.
   */
  CoreInstance instantiate(CoreModule module, CoreImports imports) throws TrapException;

  /**
   * Whether a snapshot can be taken: not while a table or global refers to an object, such as an
   * i31 that a module's initialisers made.
   */
  boolean canSnapshot();

  /**
   * The state of all instances now, which must not be running.
   *
   * @throws IllegalStateException when {@link #canSnapshot} says no
   */
  CoreSnapshot snapshot();

  /**
   * Puts every memory, table, global and segment back to the snapshot this store was made of or
   * that was taken of it.
   */
  void reset();

  /**
   * Stops whatever the guest does, from any thread: the running call ends with {@link
   * TrapException} of this kind at the next check (loop back edge, call, function entry, chunk of a
   * bulk operation). Sticky until {@link #clearStop}.
   */
  void stop(TrapException.Kind kind, String reason);

  /**
   * Takes so many bytes for what is kept for the guests beside their memories: of the limit of
   * memory, and of the budget. Negative, when it is kept no longer.
   *
   * @throws TrapException when there is no room for them
   */
  void keep(long bytes) throws TrapException;

  /**
   * Says that the guest goes on on another thread, which {@link #stop} then reaches: for guests
   * that stop in the middle of a function and leave their stack on its thread.
   *
   * @param to null when none runs it now
   * @return which thread ran it before
   */
  @Nullable Thread handOver(@Nullable Thread to);

  /**
   * The function at an index of a table; null when there is none.
   *
   * @throws TrapException when the index is out of bounds
   */
  @Nullable CoreFunction element(CoreTable table, int index) throws TrapException;

  /** Lets the store run again. */
  void clearStop();

  /** Whether an instance trapped or was stopped: the store must be thrown away, not reset. */
  boolean poisoned();

  /**
   * Whether a module of it has got better code than its instances have: a new store is faster. From
   * any thread, once all is instantiated.
   */
  boolean outdated();

  /**
   * Takes up a store that was reset, for its next use.
   *
   * @return false when it must be closed instead: a new one is faster, or what it held was given to
   *     somebody who needed it
   */
  boolean takeUp();

  /**
   * Whether making another like it costs far more than resetting this one: worth keeping. There are
   * only as many as was said when it was made, and what they hold is taken from those that wait for
   * their next use when others need it.
   */
  boolean isDear();

  /** Linear memory in use by all its memories, in bytes, private pages only. */
  long privateBytes();

  /** Gives memory back to the host's budget. */
  @Override
  void close();
}
