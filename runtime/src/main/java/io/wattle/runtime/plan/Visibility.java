package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which types of a component or component type have a name outside (Explainer, "External Visibility
 * of Types"): resources, records, variants, enums and flags that imports and exports use must have
 * one. A type is the object that an index stands for: importing or exporting it makes another.
 */
final class Visibility {
  private final Elaborator elaborator;
  private final Matcher matcher;
  private final Set<Object> imported = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> exported = Collections.newSetFromMap(new IdentityHashMap<>());

  Visibility(Elaborator elaborator, Matcher matcher) {
    this.elaborator = elaborator;
    this.matcher = matcher;
  }

  /** The item under its new index: a named type is another there. */
  Item rename(Item item) {
    return rename(item, elaborator.types);
  }

  static Item rename(Item item, Types types) {
    return switch (item) {
      case Item.ResourceItem i -> new Item.ResourceItem(i.type());
      case Item.ValueItem i -> new Item.ValueItem(types.rename(i.type()));
      case Item.FuncItem i -> i;
      case Item.SchemeItem i -> i;
      case Item.Func i -> i;
      case Item.Instance i -> i;
      case Item.Component i -> i;
      case Item.Module i -> i;
    };
  }

  void imports(Definition where, Item item) throws InvalidComponentException {
    if (!register(where, item, imported)) {
      throw Invalid.at(
          where,
          kind(item)
              + " not valid to be used as import: it uses a resource, record, variant, enum or"
              + " flags type that is not imported before");
    }
  }

  /** Checks the type that an import is said to be equal to. */
  void importsEqualTo(Definition where, Item type) throws InvalidComponentException {
    boolean allowed =
        switch (type) {
          case Item.ResourceItem i -> imported.contains(i) || !exported.contains(i);
          case Item.ValueItem i -> imported.contains(i.type()) || !exported.contains(i.type());
          case Item.FuncItem i -> true;
          case Item.SchemeItem i -> true;
          case Item.Func i -> true;
          case Item.Instance i -> true;
          case Item.Component i -> true;
          case Item.Module i -> true;
        };
    if (!allowed) {
      throw Invalid.at(
          where,
          "type not valid to be used as import: it is exported here, and imports come before"
              + " exports");
    }
  }

  void exports(Definition where, Item item) throws InvalidComponentException {
    if (!register(where, item, exported)) {
      throw Invalid.at(
          where,
          kind(item)
              + " not valid to be used as export: it uses a resource, record, variant, enum or"
              + " flags type that is neither imported nor exported before");
    }
  }

  private static String kind(Item item) {
    return switch (item) {
      case Item.Func i -> "func";
      case Item.Instance i -> "instance";
      case Item.Component i -> "component";
      case Item.Module i -> "module";
      case Item.Type i -> "type";
    };
  }

  /** Whether all that an item refers to is visible; then it is visible too. */
  private boolean register(Definition where, Item item, Set<Object> set)
      throws InvalidComponentException {
    elaborator.spend(where);
    switch (item) {
      case Item.Func i -> {
        return named(where, i.type(), set);
      }
      case Item.FuncItem i -> {
        return named(where, i.type(), set);
      }
      case Item.ValueItem i -> {
        elaborator.spend(where, elaborator.types.cost(i.type()));
        if (!partsNamed(i.type(), set)) {
          return false;
        }
        add(i.type(), set);
        return true;
      }
      case Item.ResourceItem i -> {
        add(i, set);
        return true;
      }
      case Item.SchemeItem i -> {
        return i.scheme().component()
            || all(where, matcher.evaluate(where, i.scheme(), null, null, Origin.NOWHERE), set);
      }
      case Item.Instance i -> {
        return all(where, i.exports(), set);
      }
      case Item.Component i -> {
        return true;
      }
      case Item.Module i -> {
        return true;
      }
    }
  }

  private boolean all(Definition where, Map<String, Item> items, Set<Object> set)
      throws InvalidComponentException {
    for (Item item : items.values()) {
      if (!register(where, item, set)) {
        return false;
      }
    }
    return true;
  }

  /** Exports may refer to what is imported, not the other way round. */
  private void add(Object type, Set<Object> set) {
    set.add(type);
    exported.add(type);
  }

  private boolean named(Definition where, FunctionType type, Set<Object> set)
      throws InvalidComponentException {
    elaborator.spend(where, elaborator.types.cost(type));
    return type.parameters().stream().allMatch(p -> named(p.type(), set))
        && named(type.result(), set);
  }

  private boolean named(@Nullable ValueType type, Set<Object> set) {
    return switch (type) {
      case null -> true;
      case ValueType.RecordType t -> set.contains(t);
      case ValueType.VariantType t -> set.contains(t);
      case ValueType.EnumType t -> set.contains(t);
      case ValueType.FlagsType t -> set.contains(t);
      default -> partsNamed(type, set);
    };
  }

  private boolean partsNamed(ValueType type, Set<Object> set) {
    return switch (type) {
      case ValueType.Primitive t -> true;
      case ValueType.ListType t -> named(t.element(), set);
      case ValueType.FixedListType t -> named(t.element(), set);
      case ValueType.RecordType t -> t.fields().stream().allMatch(f -> named(f.type(), set));
      case ValueType.TupleType t -> t.elements().stream().allMatch(e -> named(e, set));
      case ValueType.VariantType t -> t.cases().stream().allMatch(c -> named(c.payload(), set));
      case ValueType.EnumType t -> true;
      case ValueType.FlagsType t -> true;
      case ValueType.OptionType t -> named(t.some(), set);
      case ValueType.ResultType t -> named(t.ok(), set) && named(t.err(), set);
      case ValueType.OwnType t -> set.contains(elaborator.types.resourceOf(t));
      case ValueType.BorrowType t -> set.contains(elaborator.types.resourceOf(t));
      case ValueType.StreamType t -> named(t.element(), set);
      case ValueType.FutureType t -> named(t.element(), set);
    };
  }
}
