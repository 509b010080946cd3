package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.wit.name.ExternName;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code [constructor]}, {@code [method]} and {@code [static]} demand of a function
 * (Binary.md, "Import and Export Definitions").
 */
final class AnnotatedNames {
  private final IdentityHashMap<Item.ResourceItem, String> resources = new IdentityHashMap<>();
  private final Set<String> names = new HashSet<>();

  /** A resource of this scope, which later names may mention. */
  void resource(Item.ResourceItem resource, String name) {
    resources.put(resource, name);
    names.add(name);
  }

  void check(Definition where, ExternName.Plain name, FunctionType type, Types types)
      throws InvalidComponentException {
    switch (name.kind()) {
      case LABEL -> {}
      case CONSTRUCTOR -> {
        ValueType result = type.result();
        if (result == null) {
          throw Invalid.at(where, "`" + name + "`: the function should return one value");
        }
        ValueType made = result instanceof ValueType.ResultType r ? r.ok() : result;
        if (!(made instanceof ValueType.OwnType)) {
          throw Invalid.at(
              where,
              "`" + name + "`: the function should return `(own $T)` or `(result (own $T))`");
        }
        resource(where, name, made, types);
      }
      case METHOD -> {
        if (type.parameters().isEmpty()) {
          throw Invalid.at(where, "`" + name + "`: the function should have at least one argument");
        }
        FunctionType.Parameter self = type.parameters().getFirst();
        if (!self.name().equals("self")) {
          throw Invalid.at(
              where,
              "`"
                  + name
                  + "`: the function should have a first argument called `self` (got: `"
                  + self.name()
                  + "`)");
        }
        if (!(self.type() instanceof ValueType.BorrowType)) {
          throw Invalid.at(
              where, "`" + name + "`: the function should take a first argument of `(borrow $T)`");
        }
        resource(where, name, self.type(), types);
      }
      case STATIC -> {
        if (!names.contains(name.resource())) {
          throw Invalid.at(
              where, "`" + name + "`: the static resource name is not known in this context");
        }
      }
    }
  }

  private void resource(Definition where, ExternName.Plain name, ValueType handle, Types types)
      throws InvalidComponentException {
    @Nullable String known = resources.get(types.resourceOf(handle));
    if (known == null) {
      throw Invalid.at(
          where,
          "`" + name + "`: the resource used in function does not have a name in this context");
    }
    if (!known.equals(name.resource())) {
      throw Invalid.at(
          where, "`" + name + "`: function does not match expected resource name `" + known + "`");
    }
  }
}
