package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreFunction;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.CallResult;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmI31Ref;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Value;

/**
 * Calls of guests' functions that take or give references to host objects, which do not pass the
 * engine's seam: nothing of a component does that.
 */
public final class References {
  private References() {}

  private static FunctionType type(GuestFunction function) {
    Instance instance = function.instance();
    return instance.type(instance.functionType(function.index()));
  }

  /** Whether an object is of an abstract type. */
  public static boolean isOf(String type, @Nullable Object object) {
    return switch (type) {
      case "structref" -> object instanceof GuestStruct;
      case "arrayref" -> object instanceof GuestArray;
      case "i31ref" -> object instanceof WasmI31Ref;
      case "eqref" ->
          object instanceof GuestStruct
              || object instanceof GuestArray
              || object instanceof WasmI31Ref;
      default -> throw new IllegalArgumentException(type);
    };
  }

  /** Whether a function has parameters or results of such a type. */
  public static boolean has(CoreFunction function) {
    return function instanceof GuestFunction guest
        && (type(guest).hasObjectRefParams() || type(guest).hasObjectRefReturns());
  }

  /**
   * Calls one, on the calling thread.
   *
   * @param arguments a {@link Long} for each number, an object or null for each reference
   * @return the same of its results
   */
  public static Object[] call(CoreFunction function, Object[] arguments) {
    GuestFunction guest = (GuestFunction) function;
    FunctionType type = type(guest);
    long[] words = new long[arguments.length];
    Object[] objects = new Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      if (type.params().get(i).isObjectRef()) {
        objects[i] = arguments[i];
        words[i] = arguments[i] == null ? Value.REF_NULL_VALUE : 0;
      } else {
        words[i] = (Long) arguments[i];
      }
    }
    CallResult given;
    try {
      given = guest.instance().getMachine().callWithRefs(guest.index(), words, objects);
    } catch (RuntimeException | StackOverflowError e) {
      throw Traps.of(e);
    }
    Object[] results = new Object[type.returns().size()];
    for (int i = 0; i < results.length; i++) {
      boolean isObject = type.returns().get(i).isObjectRef();
      results[i] = isObject ? given.refResult(i) : (Object) given.longResult(i);
    }
    return results;
  }
}
