package io.wattle.chaos.history;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** All operations of a load, in the order in which they ended. Thread-safe. */
public final class History {
  private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  /** Adds one that has ended. */
  public void add(Operation operation) {
    operations.add(operation);
    (operation.succeeded() ? acknowledged : failed).incrementAndGet();
  }

  /** How many were acknowledged. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** How many were not acknowledged. */
  public long failed() {
    return failed.get();
  }

  /** All that have ended. */
  public List<Operation> operations() {
    return new ArrayList<>(operations);
  }

  /** How many there are of a kind. */
  public long count(Predicate<Operation> kind) {
    return operations.stream().filter(kind).count();
  }

  /** How many were begun after a moment ({@link System#nanoTime}) and acknowledged. */
  public long acknowledgedSince(long moment) {
    return count(operation -> operation.succeeded() && operation.invoked() - moment > 0);
  }
}
