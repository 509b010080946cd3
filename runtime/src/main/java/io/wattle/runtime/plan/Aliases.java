package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.Sort;

/** Items that are named once more: exports of instances, and what is around a component or type. */
final class Aliases {
  private final Types types;
  private final Matcher matcher;

  Aliases(Types types, Matcher matcher) {
    this.types = types;
    this.matcher = matcher;
  }

  void export(Definition.AliasExport d, Scope scope) throws InvalidComponentException {
    if (!(scope.get(Sort.INSTANCE, d.instance()) instanceof Item.Instance instance)) {
      throw scope.unknown(d, Sort.INSTANCE, d.instance());
    }
    Item item = instance.exports().get(d.name());
    if (item == null) {
      throw Invalid.at(d, "instance " + d.instance() + " has no export named `" + d.name() + "`");
    }
    if (item.sort() != d.sort()) {
      throw Invalid.at(
          d,
          "export `"
              + d.name()
              + "` of instance "
              + d.instance()
              + " is a "
              + item.sort()
              + " and is not a "
              + d.sort());
    }
    scope.add(item);
  }

  void outer(Definition.AliasOuter d, Scope scope) throws InvalidComponentException {
    if (!scope.component && d.sort() != Sort.TYPE && d.sort() != Sort.CORE_TYPE) {
      throw Invalid.at(d, "an alias in a type may only refer to types or instances");
    }
    Scope target = scope;
    boolean crosses = false;
    for (int i = 0; i < d.count(); i++) {
      crosses |= target.component;
      Scope outer = target.outer;
      if (outer == null) {
        throw Invalid.at(d, "invalid outer alias count of " + d.count());
      }
      target = outer;
    }
    switch (d.sort()) {
      case TYPE, COMPONENT, CORE_MODULE -> {
        Item item = target.item(d, d.sort(), d.index());
        if (refersToResources(item)) {
          if (crosses) {
            throw Invalid.at(d, "cannot alias outer type which transitively refers to resources");
          }
          for (Scope s = scope; s != null && s != target; s = s.outer) {
            s.outerResources = true;
          }
        }
        scope.add(item);
      }
      case CORE_TYPE -> {
        Object type = target.get(Sort.CORE_TYPE, d.index());
        if (type == null) {
          throw target.unknown(d, Sort.CORE_TYPE, d.index());
        }
        scope.add(Sort.CORE_TYPE, type);
      }
      case CORE_FUNC,
          CORE_TABLE,
          CORE_MEMORY,
          CORE_GLOBAL,
          CORE_TAG,
          CORE_INSTANCE,
          FUNC,
          VALUE,
          INSTANCE ->
          throw Invalid.at(d, "a " + d.sort() + " cannot be aliased from an outer scope");
    }
  }

  /** Whether a type refers to resources that are not its own. */
  private boolean refersToResources(Item item) {
    return switch (item) {
      case Item.ResourceItem i -> true;
      case Item.ValueItem i -> types.hasResources(i.type());
      case Item.FuncItem i -> types.hasResources(i.type());
      case Item.SchemeItem i -> matcher.open(i.scheme());
      case Item.Func i -> false;
      case Item.Instance i -> false;
      case Item.Component i -> false;
      case Item.Module i -> false;
    };
  }
}
