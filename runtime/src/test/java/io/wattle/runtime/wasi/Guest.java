package io.wattle.runtime.wasi;

import io.wattle.runtime.Task;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls a guest makes, made from Java: one instance with its state and its task. */
final class Guest implements HostCall, AutoCloseable {
  static final String STREAMS = "wasi:io/streams@0.2.6";
  static final String HTTP = "wasi:http/types@0.2.3";

  private final HostInterfaces interfaces;
  private final Task task;
  private final Map<Class<?>, Object> state = new HashMap<>();

  Guest(WasiOptions options) {
    this(options, Duration.ofSeconds(30));
  }

  Guest(WasiOptions options, Duration deadline) {
    interfaces = Wasi.interfaces(options);
    task = new Task("guest", Deadline.in(deadline), Map.of());
  }

  @Nullable Object call(String instance, String function, @Nullable Object... arguments)
      throws InterruptedException {
    var host = Objects.requireNonNull(interfaces.find(instance), instance);
    var code = Objects.requireNonNull(host.functions().get(function), function);
    return code.call(this, arguments);
  }

  /** The payload of a call that must succeed. */
  Object ok(String instance, String function, @Nullable Object... arguments)
      throws InterruptedException {
    Result result = result(instance, function, arguments);
    if (!result.isOk()) {
      throw new AssertionError(function + " failed: " + result);
    }
    return result.payload() == null ? "" : result.payload();
  }

  Result result(String instance, String function, @Nullable Object... arguments)
      throws InterruptedException {
    return (Result) Objects.requireNonNull(call(instance, function, arguments));
  }

  /** The case of the error of a call that must fail. */
  int error(String instance, String function, @Nullable Object... arguments)
      throws InterruptedException {
    Result result = result(instance, function, arguments);
    if (result.isOk()) {
      throw new AssertionError(function + " succeeded: " + result);
    }
    return result.payload() instanceof Variant variant
        ? variant.index()
        : (Integer) Objects.requireNonNull(result.payload());
  }

  /** Drops an owned handle. */
  void drop(String instance, String resource, Object object) {
    var host = Objects.requireNonNull(interfaces.find(instance), instance);
    Objects.requireNonNull(host.resources().get(resource), resource).accept(object);
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public <T> T state(Class<T> key, Supplier<T> make) {
    return key.cast(state.computeIfAbsent(key, _ -> make.get()));
  }

  @Override
  public void close() {
    for (Object each : state.values()) {
      if (each instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
