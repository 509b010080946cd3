package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.vector.LaneFunction;
import io.wattle.runtime.engine.endive.vector.VectorGlobals;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * A method of ours that generated code calls, written in Wasm as the call of a function that is
 * added for it and is never run.
 *
 * @param owner its class's name in the JVM
 * @param descriptor without the instance
 * @param withInstance whether the instance is its last parameter
 */
public record StandIn(String owner, String name, String descriptor, boolean withInstance) {
  /** Reads the upper half of a global: an i32 that says which. */
  static final StandIn READ_HIGH = global("readHigh", MethodType.methodType(long.class, int.class));

  /** Writes it: the half, and the i32 behind it. */
  static final StandIn WRITE_HIGH =
      global("writeHigh", MethodType.methodType(void.class, long.class, int.class));

  /** Multiplies and adds, rounding once. */
  static final StandIn FMA_F32 = fma(float.class);

  static final StandIn FMA_F64 = fma(double.class);

  private static StandIn fma(Class<?> type) {
    MethodType of = MethodType.methodType(type, type, type, type);
    return new StandIn(name(Math.class), "fma", of.descriptorString(), false);
  }

  private static StandIn global(String name, MethodType type) {
    return new StandIn(name(VectorGlobals.class), name, type.descriptorString(), true);
  }

  static StandIn of(LaneFunction function) {
    return new StandIn(
        name(function.owner()), function.name(), function.type().descriptorString(), false);
  }

  private static String name(Class<?> owner) {
    return owner.getName().replace('.', '/');
  }

  FunctionType signature() {
    MethodType type = MethodType.fromMethodDescriptorString(descriptor, null);
    List<ValType> parameters =
        Arrays.stream(type.parameterArray()).map(StandIn::valueType).toList();
    return FunctionType.of(
        parameters,
        type.returnType() == void.class ? List.of() : List.of(valueType(type.returnType())));
  }

  static ValType valueType(Class<?> parameter) {
    if (parameter == int.class) {
      return ValType.I32;
    }
    if (parameter == long.class) {
      return ValType.I64;
    }
    if (parameter == float.class) {
      return ValType.F32;
    }
    if (parameter == double.class) {
      return ValType.F64;
    }
    throw new IllegalArgumentException("no number: " + parameter);
  }
}
