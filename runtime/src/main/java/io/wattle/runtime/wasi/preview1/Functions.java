package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.StackRoom;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.wasi.filesystem.FileException;
import io.wattle.runtime.wasi.io.SinkClosedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects functions by name, with their core types. */
final class Functions {
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** What a function does; the numbers are its arguments. */
  @FunctionalInterface
  interface Code {
    void run(Instance instance, long[] arguments)
        throws ErrnoException, IOException, InterruptedException;
  }

  private record Entry(CoreExternType.Func type, Code code) {}

  /**
   * Adds a function that answers an errno.
   *
   * @param parameters one letter each: {@code i} for i32, {@code l} for i64
   */
  void add(String name, String parameters, Code code) {
    entries.put(name, new Entry(type(parameters, List.of(CoreValueType.I32)), code));
  }

  /** Adds a function that does not return. */
  void addLast(String name, String parameters, Code code) {
    entries.put(name, new Entry(type(parameters, List.of()), code));
  }

  private static CoreExternType.Func type(String parameters, List<CoreValueType> results) {
    List<CoreValueType> types =
        parameters
            .chars()
            .mapToObj(letter -> letter == 'l' ? CoreValueType.I64 : CoreValueType.I32)
            .toList();
    return new CoreExternType.Func(types, results);
  }

  List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** The type of a function, null when there is none of that name. */
  CoreExternType.@Nullable Func type(String name) {
    Entry entry = entries.get(name);
    return entry == null ? null : entry.type();
  }

  /** The function for one instance. */
  CoreFunction bind(String name, Instance instance) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "function: " + name + " (expected: one of " + names() + ")");
    }
    return CoreFunction.host(entry.type(), arguments -> call(name, entry, instance, arguments));
  }

  private static long[] call(String name, Entry entry, Instance instance, long[] arguments) {
    StackRoom.check();
    try {
      entry.code().run(instance, arguments);
      return new long[] {Errno.SUCCESS};
    } catch (ErrnoException e) {
      return new long[] {e.errno()};
    } catch (FileException e) {
      return new long[] {Errno.of(e.code())};
    } catch (SinkClosedException e) {
      return new long[] {Errno.PIPE};
    } catch (IOException e) {
      return new long[] {Errno.IO};
    } catch (InterruptedException e) {
      throw interrupted(name, instance);
    }
  }

  private static TrapException interrupted(String name, Instance instance) {
    String reason = instance.task().cancelReason();
    if (reason != null) {
      return new TrapException(TrapException.Kind.CANCELLED, reason);
    }
    if (instance.task().deadline().passed()) {
      return new TrapException(
          TrapException.Kind.DEADLINE, "the deadline passed in a call of " + name);
    }
    Thread.currentThread().interrupt();
    return new TrapException(TrapException.Kind.CANCELLED, "interrupted in a call of " + name);
  }
}
