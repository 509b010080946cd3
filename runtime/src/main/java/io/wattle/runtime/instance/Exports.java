package io.wattle.runtime.instance;

import io.wattle.runtime.plan.FuncRef;
import io.wattle.runtime.plan.Item;
import io.wattle.runtime.plan.Plan;
import io.wattle.wit.name.ExternName;
import io.wattle.wit.type.FunctionType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exported functions by instance and name; instances also by a compatible version. */
final class Exports {
  /** A function of the graph, or an import that is exported again. */
  record Function(FunctionType type, FuncRef target) {}

  private final Map<String, Map<String, Function>> instances = new HashMap<>();

  Exports(Plan plan) {
    Map<String, Function> world = new HashMap<>();
    plan.exportedItems()
        .forEach(
            (name, item) -> {
              if (item instanceof Item.Instance instance) {
                Map<String, Function> functions = new HashMap<>();
                instance.exports().forEach((f, i) -> add(functions, f, i));
                instances.put(name, functions);
              } else {
                add(world, name, item);
              }
            });
    instances.put("", world);
  }

  private static void add(Map<String, Function> into, String name, Item item) {
    if (item instanceof Item.Func f) {
      into.put(name, new Function(f.type(), f.ref()));
    }
  }

  Function require(String instance, String function) {
    Map<String, Function> functions = instances.get(instance);
    if (functions == null) {
      functions = compatible(instance);
    }
    Function found = functions == null ? null : functions.get(function);
    if (found == null) {
      throw new IllegalArgumentException(
          functions == null
              ? "the component does not export " + instance
              : "the component exports no function "
                  + function
                  + (instance.isEmpty() ? "" : " in " + instance));
    }
    return found;
  }

  private @Nullable Map<String, Function> compatible(String instance) {
    ExternName wanted;
    try {
      wanted = ExternName.parse(instance);
    } catch (IllegalArgumentException e) {
      return null;
    }
    for (Map.Entry<String, Map<String, Function>> entry : instances.entrySet()) {
      if (wanted instanceof ExternName.Interface w
          && !entry.getKey().isEmpty()
          && ExternName.parse(entry.getKey()) instanceof ExternName.Interface given
          && w.compatible(given)) {
        return entry.getValue();
      }
    }
    return null;
  }
}
