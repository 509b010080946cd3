package io.wattle.wit.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The type of a function (component-model Explainer, {@code functype}).
 *
 * @param parameters in order
 * @param result null when the function returns nothing
 * @param async whether it is declared {@code async} (WASI 0.3)
 */
public record FunctionType(List<Parameter> parameters, @Nullable ValueType result, boolean async) {
  public FunctionType {
    parameters = List.copyOf(parameters);
  }

  /** A named parameter. */
  public record Parameter(String name, ValueType type) {}
}
