package io.wattle.runtime.engine.endive.vector;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A public static method on halves. Its parameters and what it answers are long or int only; among
 * the methods of its class its name is the only such. Generated classes that are kept on disk call
 * it by that name: the version of the pass that makes them changes when one is renamed or taken
 * away.
 */
public record LaneFunction(Class<?> owner, String name, MethodType type) {
  private static final List<Class<?>> OWNERS =
      List.of(
          V128.class, I8x16.class, I16x8.class, I32x4.class, I64x2.class, F32x4.class, F64x2.class);

  private static final Map<String, LaneFunction> ALL =
      OWNERS.stream()
          .flatMap(owner -> Stream.of(owner.getDeclaredMethods()))
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .map(LaneFunction::of)
          .collect(Collectors.toUnmodifiableMap(LaneFunction::key, Function.identity()));

  private static LaneFunction of(Method method) {
    return new LaneFunction(
        method.getDeclaringClass(),
        method.getName(),
        MethodType.methodType(method.getReturnType(), method.getParameterTypes()));
  }

  /** All there are. */
  public static List<LaneFunction> all() {
    return List.copyOf(ALL.values());
  }

  /**
   * One by its {@link #key}.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static LaneFunction of(String key) {
    LaneFunction function = ALL.get(key);
    if (function == null) {
      throw new IllegalArgumentException("no function on lanes: " + key);
    }
    return function;
  }

  /** Its class and its name, like {@code I8x16.add}. */
  public String key() {
    return owner.getSimpleName() + "." + name;
  }

  /** Finds the method. */
  MethodHandle handle() {
    try {
      return MethodHandles.lookup().findStatic(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(key(), e);
    }
  }
}
