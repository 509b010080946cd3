package io.wattle.runtime.instance;

import io.wattle.runtime.Task;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.function.Consumer;

/** Calls out of a guest into the host; whatever goes wrong there becomes a trap with words. */
final class HostCalls {
  private HostCalls() {}

  static ValueSource host(ImportTarget.Host target, Invocation call, ValueSource parameters) {
    FunctionType type = target.type();
    Object[] arguments = new Object[type.parameters().size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = HostObjects.read(type.parameters().get(i).type(), parameters);
    }
    ValueBuffer results = new ValueBuffer();
    try {
      Object result = target.code().call(call, arguments);
      ValueType resultType = type.result();
      if (resultType != null) {
        HostObjects.write(resultType, result, results);
      }
      return results.source();
    } catch (TrapException e) {
      throw e;
    } catch (InterruptedException e) {
      throw interrupted(call.task(), target.name());
    } catch (RuntimeException e) {
      throw failed(target.name(), e);
    }
  }

  static ValueSource linked(
      ImportTarget.Linked target, Invocation call, Consumer<ValueSink> parameters) {
    try {
      return target.code().call(call, parameters);
    } catch (TrapException e) {
      throw e;
    } catch (InterruptedException e) {
      throw interrupted(call.task(), target.name());
    } catch (RuntimeException e) {
      throw failed(target.name(), e);
    }
  }

  /** Calls for the host, without a guest in between: an import that is exported again. */
  static void pass(
      ImportTarget target,
      FunctionType type,
      Invocation call,
      ValueSource parameters,
      ValueSink results) {
    ValueSource answer =
        switch (target) {
          case ImportTarget.Host host -> host(host, call, parameters);
          case ImportTarget.Linked linked ->
              linked(
                  linked,
                  call,
                  sink -> {
                    for (FunctionType.Parameter parameter : type.parameters()) {
                      copy(parameter.type(), parameters, sink);
                    }
                  });
        };
    ValueType result = type.result();
    if (result != null) {
      copy(result, answer, results);
    }
  }

  private static void copy(ValueType type, ValueSource from, ValueSink to) {
    HostObjects.write(type, HostObjects.read(type, from), to);
  }

  static void drop(ResourceType type, Consumer<Object> destructor, Object rep) {
    try {
      destructor.accept(rep);
    } catch (TrapException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed("drop of " + type.name(), e);
    }
  }

  private static TrapException failed(String name, RuntimeException e) {
    return new TrapException(
        Kind.IMPORT_FAILED, "the import " + name + " failed: " + e.getMessage(), e);
  }

  private static TrapException interrupted(Task task, String name) {
    String reason = task.cancelReason();
    if (reason != null) {
      return new TrapException(Kind.CANCELLED, reason);
    }
    if (task.deadline().passed()) {
      return new TrapException(Kind.DEADLINE, "the deadline passed in a call of " + name);
    }
    Thread.currentThread().interrupt();
    return new TrapException(Kind.CANCELLED, "interrupted in a call of " + name);
  }
}
