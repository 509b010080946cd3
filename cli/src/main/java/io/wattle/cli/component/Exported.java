package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.runtime.Component;
import io.wattle.wit.type.FunctionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An exported function.
 *
 * @param instance as exported, with version; empty for a function of the world
 */
record Exported(String instance, String name, FunctionType type) {

  /** Names in a message. */
  private static final int MOST = 12;

  /**
   * The function that people mean by {@code ns:pkg/iface@1.2.3#name}, {@code ns:pkg/iface.name} or
   * only {@code name}.
   */
  static Exported find(Component component, String wanted) throws CommandException {
    List<Exported> all = all(component);
    List<Exported> matching = all.stream().filter(each -> each.isMeantBy(wanted)).toList();
    if (matching.size() == 1) {
      return matching.getFirst();
    }
    if (matching.isEmpty()) {
      throw CommandException.notFound("function: " + wanted + " (expected: " + some(all) + ")");
    }
    throw CommandException.usage(
        "function: "
            + wanted
            + " means "
            + String.join(", ", matching.stream().map(Exported::toString).toList())
            + " (expected: one)");
  }

  private static String some(List<Exported> all) {
    String names = String.join(", ", all.stream().limit(MOST).map(Exported::toString).toList());
    if (all.isEmpty()) {
      return "a component that exports functions";
    }
    return "one of "
        + names
        + (all.size() > MOST
            ? " and " + (all.size() - MOST) + " others, which `wattle inspect` shows"
            : "");
  }

  private static List<Exported> all(Component component) {
    List<Exported> all = new ArrayList<>();
    for (String export : component.exports()) {
      for (Map.Entry<String, FunctionType> function :
          component.exportedFunctions(export).entrySet()) {
        all.add(new Exported(export, function.getKey(), function.getValue()));
      }
    }
    component
        .exportedFunctions("")
        .forEach((name, function) -> all.add(new Exported("", name, function)));
    return all;
  }

  private boolean isMeantBy(String wanted) {
    int at = instance.indexOf('@');
    String unversioned = at < 0 ? instance : instance.substring(0, at);
    return wanted.equals(name)
        || wanted.equals(instance + "#" + name)
        || wanted.equals(instance + "." + name)
        || wanted.equals(unversioned + "#" + name)
        || wanted.equals(unversioned + "." + name);
  }

  @Override
  public String toString() {
    return instance.isEmpty() ? name : instance + "#" + name;
  }
}
