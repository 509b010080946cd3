package io.wattle.host.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on threads of its own: those with the same key one after the other in the order they
 * were given, others at once.
 */
public final class SerialTasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SerialTasks.class);

  private final ExecutorService threads;
  private final Map<String, Deque<Task>> queues = new HashMap<>();

  public SerialTasks(String name) {
    threads = Executors.newCachedThreadPool(Thread.ofPlatform().name(name, 0).daemon().factory());
  }

  /** Runs the task after those given before with the same key. */
  public void run(String key, Task task) {
    synchronized (queues) {
      Deque<Task> queue = queues.get(key);
      if (queue != null) {
        queue.add(task);
        return;
      }
      queues.put(key, new ArrayDeque<>());
    }
    start(key, task);
  }

  /** The keys of what runs or waits. */
  public Set<String> keys() {
    synchronized (queues) {
      return Set.copyOf(queues.keySet());
    }
  }

  /** Runs the task at once. */
  public void run(Task task) {
    try {
      threads.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("not run, everything is being stopped");
    }
  }

  /** Interrupts what runs, drops what waits. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.warn("some work did not stop when interrupted");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(String key, Task first) {
    run(
        () -> {
          Task task = first;
          while (task != null) {
            guarded(task);
            synchronized (queues) {
              Deque<Task> queue = queues.get(key);
              task = queue == null ? null : queue.poll();
              if (task == null) {
                queues.remove(key);
              }
            }
          }
        });
  }

  private static void guarded(Task task) {
    try {
      task.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) { // whatever happens, those behind it have their turn
      LOG.error("a task failed", e);
    }
  }

  /** Something to do that may block. */
  @FunctionalInterface
  public interface Task {
    void run() throws InterruptedException;
  }
}
