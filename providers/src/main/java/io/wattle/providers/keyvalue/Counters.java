package io.wattle.providers.keyvalue;

import io.nats.client.JetStreamApiException;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Increments of counters, combined: while one write of a key is on its way, further increments of
 * that key wait and then go together in one write, each getting its own value. Between processes
 * compare-and-set decides. So a key that everybody increments costs few writes, and nobody starves.
 */
final class Counters {
  /** One compare-and-set of a key by the sum of some deltas. */
  interface Adder {
    /**
     * Adds and returns the new value.
     *
     * @throws IOException when the outcome is unknown or NATS is not there
     */
    long add(String key, long delta, Deadline deadline)
        throws IOException, JetStreamApiException, InterruptedException, TimeoutException;
  }

  private record Pending(long delta, Deadline deadline, CompletableFuture<Long> value) {}

  private final Adder adder;
  private final Executor workers;
  private final Map<String, ArrayDeque<Pending>> queues = new HashMap<>();

  Counters(Adder adder, Executor workers) {
    this.adder = adder;
    this.workers = workers;
  }

  /**
   * Adds {@code delta} (unsigned, wrapping as u64 does not: overflow is an error) and returns the
   * new value.
   */
  long increment(String key, long delta, Deadline deadline)
      throws IOException, InterruptedException, TimeoutException, ExecutionException {
    Pending mine = new Pending(delta, deadline, new CompletableFuture<>());
    boolean first;
    synchronized (queues) {
      ArrayDeque<Pending> queue = queues.get(key);
      first = queue == null;
      if (queue == null) {
        queue = new ArrayDeque<>();
        queues.put(key, queue);
      }
      queue.add(mine);
    }
    if (first) {
      workers.execute(() -> drain(key));
    }
    return mine.value().get(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS);
  }

  /** Writes what is queued for a key until nothing is left. One run for each key at a time. */
  private void drain(String key) {
    while (true) {
      List<Pending> batch = next(key);
      if (batch.isEmpty()) {
        return;
      }
      write(key, batch);
    }
  }

  private List<Pending> next(String key) {
    synchronized (queues) {
      ArrayDeque<Pending> queue = queues.get(key);
      if (queue == null || queue.isEmpty()) {
        queues.remove(key);
        return List.of();
      }
      List<Pending> batch = new ArrayList<>();
      for (Pending pending = queue.poll(); pending != null; pending = queue.poll()) {
        // Whoever has given up is not written: it was told that nothing happened.
        if (pending.deadline().passed()) {
          pending.value().completeExceptionally(new TimeoutException("waited too long for " + key));
        } else {
          batch.add(pending);
        }
      }
      return batch.isEmpty() ? nothingLeft(key) : batch;
    }
  }

  private List<Pending> nothingLeft(String key) {
    queues.remove(key);
    return List.of();
  }

  private void write(String key, List<Pending> batch) {
    try {
      long sum = 0;
      Deadline latest = batch.getFirst().deadline();
      for (Pending pending : batch) {
        sum = Math.addExact(sum, pending.delta());
        latest = pending.deadline().nanosLeft() > latest.nanosLeft() ? pending.deadline() : latest;
      }
      long value = adder.add(key, sum, latest) - sum;
      for (Pending pending : batch) {
        value += pending.delta();
        pending.value().complete(value);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(batch, e);
    } catch (IOException | JetStreamApiException | TimeoutException e) {
      fail(batch, e);
    } catch (RuntimeException refused) {
      // Nothing was written: one of them asks too much, and only that one shall fail.
      if (batch.size() == 1) {
        fail(batch, refused);
      } else {
        batch.forEach(pending -> write(key, List.of(pending)));
      }
    }
  }

  private static void fail(List<Pending> batch, Exception cause) {
    batch.forEach(pending -> pending.value().completeExceptionally(cause));
  }
}
