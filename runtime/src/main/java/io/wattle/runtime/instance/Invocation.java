package io.wattle.runtime.instance;

import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.GuestResource;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A graph while it works for one task. */
final class Invocation implements ComponentInstance {
  private final Instances owner;
  private final Task task;
  private final Graph graph;
  private final Map<Class<?>, Object> states = new LinkedHashMap<>(4);
  private final Deadlines.@Nullable Deadline timer;

  /** Whether a call is under way or ended with an exception: no state to go on with. */
  private boolean failed;

  /** Guarded by this, like {@code stopped}: a stop must never reach the graph's next user. */
  private boolean ended;

  private boolean stopped;

  Invocation(Instances owner, Task task, Graph graph, Deadlines deadlines) {
    this.owner = owner;
    this.task = task;
    this.graph = graph;
    graph.workFor(this);
    task.onCancel(() -> stop(Kind.CANCELLED, "cancelled: " + task.cancelReason()));
    long left = task.deadline().nanosLeft();
    if (left <= 0) {
      stop(Kind.DEADLINE, "the deadline passed before the component was called");
      this.timer = null;
    } else {
      this.timer =
          left > MAX_TIMER
              ? null
              : deadlines.after(left, () -> stop(Kind.DEADLINE, "the deadline passed"));
    }
  }

  /** Deadlines further away than this are none. */
  private static final long MAX_TIMER = java.time.Duration.ofDays(365).toNanos();

  synchronized void stop(Kind kind, String reason) {
    if (!ended) {
      stopped = true;
      graph.store.stop(kind, reason);
    }
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public <T> T state(Class<T> key, Supplier<T> make) {
    synchronized (states) {
      Object state = states.get(key);
      if (state == null) {
        state = make.get();
        states.put(key, state);
      }
      return key.cast(state);
    }
  }

  /** Builds the graph for the first time in this invocation. */
  void build() {
    failed = true;
    graph.build();
    failed = false;
  }

  /** Whether the host has state for this instance. */
  boolean hasState() {
    return !states.isEmpty();
  }

  @Override
  public @Nullable Object call(String instance, String function, @Nullable Object... arguments) {
    Exports.Function export = owner.exports().require(instance, function);
    FunctionType type = export.type();
    if (arguments.length != type.parameters().size()) {
      throw new IllegalArgumentException(
          function
              + ": "
              + arguments.length
              + " arguments (expected: "
              + type.parameters().size()
              + ")");
    }
    ValueBuffer parameters = new ValueBuffer();
    for (int i = 0; i < arguments.length; i++) {
      HostObjects.write(type.parameters().get(i).type(), arguments[i], parameters);
    }
    ValueBuffer results = new ValueBuffer();
    run(export, parameters.source(), results);
    ValueType result = type.result();
    return result == null ? null : HostObjects.read(result, results.source());
  }

  @Override
  public void call(String instance, String function, ValueSource parameters, ValueSink results) {
    run(owner.exports().require(instance, function), parameters, results);
  }

  private void run(Exports.Function export, ValueSource parameters, ValueSink results) {
    if (failed) {
      throw new TrapException(
          Kind.TRAP, "this instance is being called or has trapped: it cannot be called again");
    }
    failed = true;
    graph.call(export.target(), parameters, results);
    failed = false;
  }

  @Override
  public void settle() {
    failed = true;
    graph.settle();
    failed = false;
  }

  @Override
  public void drop(GuestResource resource) {
    failed = true;
    graph.drop(resource.type(), resource.rep());
    failed = false;
  }

  @Override
  public void close() {
    boolean reusable;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      reusable = !failed && !stopped;
    }
    if (timer != null) {
      timer.cancel();
    }
    graph.endTasks();
    try {
      closeStates();
    } finally {
      graph.workFor(null);
      owner.giveBack(this, graph, reusable);
    }
  }

  private void closeStates() {
    RuntimeException first = null;
    try {
      graph.dropHostResources();
    } catch (RuntimeException e) {
      first = e;
    }
    for (Object state : states.values()) {
      if (state instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          first = first == null ? new IllegalStateException("closing host state", e) : first;
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
