package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.ExternDesc;
import io.wattle.runtime.binary.Sort;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.wit.name.ExternName;
import io.wattle.wit.type.FunctionType;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes items of which only the type is known, and checks given items against types. Evaluating a
 * type binds its resources: to fresh ones, or to those of the item it is matched with.
 */
final class Matcher {
  private final Elaborator elaborator;

  /** Component and instance types that refer to resources from around them, as written. */
  private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

  Matcher(Elaborator elaborator) {
    this.elaborator = elaborator;
  }

  /** Whether a type refers to resources from around it. It must have been evaluated. */
  boolean open(TypeScheme scheme) {
    return open.contains(scheme.declarators());
  }

  /** A fresh item of a declared type. */
  Item make(Definition where, String name, ExternDesc desc, Scope scope, Origin origin)
      throws InvalidComponentException {
    return switch (desc) {
      case ExternDesc.Func d -> {
        FunctionType type = function(where, d.type(), scope);
        yield new Item.Func(type, origin.function(name, type));
      }
      case ExternDesc.TypeEq d -> Types.type(where, d.type(), scope);
      case ExternDesc.SubResource d -> new Item.ResourceItem(origin.resource(name));
      case ExternDesc.Instance d ->
          new Item.Instance(
              evaluate(
                  where, scheme(where, d.type(), scope, false), null, null, origin.inside(name)));
      case ExternDesc.Component d -> {
        refuseFromHost(where, origin, "a component");
        yield new Item.Component(scheme(where, d.type(), scope, true));
      }
      case ExternDesc.Module d -> {
        refuseFromHost(where, origin, "a core module");
        CoreTypeItem.Module type = CoreDefinitions.moduleType(where, d.coreType(), scope);
        yield new Item.Module(type.imports(), type.exports(), null);
      }
    };
  }

  private static void refuseFromHost(Definition where, Origin origin, String what)
      throws InvalidComponentException {
    if (origin.plan() != null) {
      throw Invalid.unsupported(
          where, "the import of " + what + " is not supported: the host has only instances");
    }
  }

  private static FunctionType function(Definition where, int index, Scope scope)
      throws InvalidComponentException {
    if (Types.type(where, index, scope) instanceof Item.FuncItem func) {
      return func.type();
    }
    throw Invalid.at(where, "type index " + index + " is not a function type");
  }

  private static TypeScheme scheme(Definition where, int index, Scope scope, boolean component)
      throws InvalidComponentException {
    if (Types.type(where, index, scope) instanceof Item.SchemeItem item
        && item.scheme().component() == component) {
      return item.scheme();
    }
    throw Invalid.at(
        where,
        "type index " + index + " is not " + (component ? "a component" : "an instance") + " type");
  }

  /**
   * Evaluates a type's declarators: its exports.
   *
   * @param imports what imports are matched with; null makes fresh items
   * @param exports what exports are matched with; null makes fresh items
   */
  Map<String, Item> evaluate(
      Definition where,
      TypeScheme scheme,
      @Nullable Map<String, Item> imports,
      @Nullable Map<String, Item> exports,
      Origin origin)
      throws InvalidComponentException {
    return evaluate(where, scheme, imports, exports, origin, new LinkedHashMap<>());
  }

  private Map<String, Item> evaluate(
      Definition where,
      TypeScheme scheme,
      @Nullable Map<String, Item> imports,
      @Nullable Map<String, Item> exports,
      Origin origin,
      Map<String, Item> importsMade)
      throws InvalidComponentException {
    elaborator.enter(where);
    boolean fresh = imports == null && exports == null;
    // Instance types say nothing of visibility by themselves, only where one has a name.
    Visibility visibility = fresh && scheme.component() ? new Visibility(elaborator, this) : null;
    Types checked = fresh ? elaborator.types : null;
    Scope scope = new Scope(scheme.outer(), false, visibility);
    Map<String, Item> result = new LinkedHashMap<>();
    Names importNames = Names.imports();
    Names exportNames = Names.exports();
    for (Definition declarator : scheme.declarators()) {
      elaborator.spend(declarator, Weight.of(declarator));
      switch (declarator) {
        case Definition.CoreType d -> CoreDefinitions.type(d, d.type(), scope);
        case Definition.Type d -> scope.add(Sort.TYPE, elaborator.type(d, d.type(), scope));
        case Definition.AliasExport d -> {
          if (d.sort() != Sort.TYPE && d.sort() != Sort.INSTANCE) {
            throw Invalid.at(d, "an alias in a type may only refer to types or instances");
          }
          elaborator.aliases.export(d, scope);
        }
        case Definition.AliasOuter d -> elaborator.aliases.outer(d, scope);
        case Definition.Import d -> {
          ExternName name = importNames.add(d, d.label());
          Item item =
              imports == null
                  ? make(d, d.name(), d.desc(), scope, Origin.NOWHERE)
                  : match(
                      where,
                      d.name(),
                      d.desc(),
                      Elaborator.argument(where, imports, d.name()),
                      scope);
          if (visibility != null && d.desc() instanceof ExternDesc.TypeEq) {
            visibility.importsEqualTo(d, item);
          }
          if (fresh) {
            item = Visibility.rename(item, elaborator.types);
          }
          importNames.check(d, d.label(), name, item, checked);
          if (visibility != null) {
            visibility.imports(d, item);
          }
          importsMade.put(d.name(), item);
          scope.add(item);
        }
        case Definition.ExportDecl d -> {
          ExternName name = exportNames.add(d, d.label());
          Item item;
          if (exports == null) {
            item = make(d, d.name(), d.desc(), scope, origin);
            if (d.desc() instanceof ExternDesc.TypeEq) {
              item = Visibility.rename(item, elaborator.types);
            }
          } else {
            Item given = exports.get(d.name());
            if (given == null) {
              throw Invalid.at(where, "missing expected export `" + d.name() + "`");
            }
            item = match(where, d.name(), d.desc(), given, scope);
          }
          exportNames.check(d, d.label(), name, item, checked);
          if (visibility != null) {
            visibility.exports(d, item);
          }
          result.put(d.name(), item);
          scope.add(item);
        }
        default -> throw Invalid.at(declarator, "not allowed in a type");
      }
    }
    if (scope.outerResources) {
      open.add(scheme.declarators());
    }
    elaborator.leave();
    return result;
  }

  /** Checks an item against a declared type: the item with that type. */
  Item match(Definition where, String name, ExternDesc desc, Item item, Scope scope)
      throws InvalidComponentException {
    elaborator.spend(where);
    switch (desc) {
      case ExternDesc.Func d -> {
        FunctionType wanted = function(where, d.type(), scope);
        if (item instanceof Item.Func func) {
          elaborator.spend(where, elaborator.types.cost(wanted));
          String difference = Difference.between(func.type(), wanted);
          if (difference != null) {
            throw mismatch(where, name, difference);
          }
          return new Item.Func(wanted, func.ref());
        }
        throw mismatch(where, name, "a function", kind(item));
      }
      case ExternDesc.TypeEq d -> {
        Item.Type wanted = Types.type(where, d.type(), scope);
        if (!same(where, wanted, item)) {
          throw wanted instanceof Item.ValueItem w && item instanceof Item.ValueItem g
              ? mismatch(where, name, String.valueOf(Difference.between(g.type(), w.type())))
              : wanted instanceof Item.ResourceItem w && item instanceof Item.ResourceItem g
                  ? mismatch(where, name, Difference.resources(g.type(), w.type()))
                  : mismatch(where, name, kind(wanted), kind(item));
        }
        return item;
      }
      case ExternDesc.SubResource d -> {
        if (item instanceof Item.ResourceItem) {
          return item;
        }
        throw mismatch(where, name, "a resource type", kind(item));
      }
      case ExternDesc.Instance d -> {
        TypeScheme wanted = scheme(where, d.type(), scope, false);
        if (item instanceof Item.Instance instance) {
          return new Item.Instance(
              evaluate(where, wanted, null, instance.exports(), Origin.NOWHERE));
        }
        throw mismatch(where, name, "an instance", kind(item));
      }
      case ExternDesc.Component d -> {
        TypeScheme wanted = scheme(where, d.type(), scope, true);
        if (item instanceof Item.Component component) {
          component(where, wanted, component.code());
          return item;
        }
        throw mismatch(where, name, "a component", kind(item));
      }
      case ExternDesc.Module d -> {
        if (item instanceof Item.Module module) {
          module(where, name, CoreDefinitions.moduleType(where, d.coreType(), scope), module);
          return item;
        }
        throw mismatch(where, name, "a core module", kind(item));
      }
    }
  }

  /** Checks a component against a component type: it must do with the imports, give the exports. */
  private void component(Definition where, TypeScheme wanted, Instantiable given)
      throws InvalidComponentException {
    Map<String, Item> imports = new LinkedHashMap<>();
    evaluate(where, wanted, null, null, Origin.NOWHERE, imports);
    Map<String, Item> exports = elaborator.instantiate(where, given, imports, null, -1);
    evaluate(where, wanted, imports, exports, Origin.NOWHERE);
  }

  private void module(Definition where, String name, CoreTypeItem.Module wanted, Item.Module given)
      throws InvalidComponentException {
    elaborator.spend(where, wanted.exports().size() + (long) given.exports().size());
    elaborator.spend(where, wanted.imports().size() + (long) given.imports().size());
    Map<String, CoreExternType> exports = new HashMap<>();
    given.exports().forEach(e -> exports.put(e.name(), e.type()));
    for (CoreModule.CoreExport export : wanted.exports()) {
      coreType(where, name, "export", export.name(), exports.get(export.name()), export.type());
    }
    Map<String, CoreExternType> imports = new HashMap<>();
    wanted
        .imports()
        .forEach(i -> imports.put(CoreDefinitions.path(i.module(), i.name()), i.type()));
    for (CoreModule.CoreImport need : given.imports()) {
      String shown = need.module() + "::" + need.name();
      coreType(
          where,
          name,
          "import",
          shown,
          imports.get(CoreDefinitions.path(need.module(), need.name())),
          need.type());
    }
  }

  private static void coreType(
      Definition where,
      String module,
      String what,
      String name,
      @Nullable CoreExternType given,
      CoreExternType wanted)
      throws InvalidComponentException {
    if (given == null) {
      throw Invalid.at(
          where, "core module `" + module + "`: missing expected " + what + " `" + name + "`");
    }
    if (!CoreTypes.matches(given, wanted)) {
      throw Invalid.at(
          where,
          "core module `"
              + module
              + "`: type mismatch in "
              + what
              + " `"
              + name
              + "`: "
              + CoreTypes.difference(given, wanted));
    }
  }

  private boolean same(Definition where, Item.Type wanted, Item given)
      throws InvalidComponentException {
    if (wanted instanceof Item.ValueItem value) {
      elaborator.spend(where, elaborator.types.cost(value.type()));
    }
    return switch (wanted) {
      case Item.ValueItem w -> given instanceof Item.ValueItem g && w.type().equals(g.type());
      case Item.FuncItem w -> given instanceof Item.FuncItem g && w.type().equals(g.type());
      case Item.ResourceItem w -> given instanceof Item.ResourceItem g && w.type() == g.type();
      case Item.SchemeItem w -> given instanceof Item.SchemeItem g && same(where, w, g);
    };
  }

  private boolean same(Definition where, Item.SchemeItem a, Item.SchemeItem b)
      throws InvalidComponentException {
    if (a.scheme().equals(b.scheme())) {
      return true;
    }
    if (a.scheme().component() != b.scheme().component()) {
      return false;
    }
    if (a.scheme().component()) {
      component(where, a.scheme(), b.scheme());
      component(where, b.scheme(), a.scheme());
    } else {
      evaluate(
          where,
          a.scheme(),
          null,
          evaluate(where, b.scheme(), null, null, Origin.NOWHERE),
          Origin.NOWHERE);
      evaluate(
          where,
          b.scheme(),
          null,
          evaluate(where, a.scheme(), null, null, Origin.NOWHERE),
          Origin.NOWHERE);
    }
    return true;
  }

  private static String kind(Item item) {
    return switch (item) {
      case Item.Func i -> "a function";
      case Item.Instance i -> "an instance";
      case Item.Component i -> "a component";
      case Item.Module i -> "a core module";
      case Item.ValueItem i -> "a value type";
      case Item.FuncItem i -> "a function type";
      case Item.ResourceItem i -> "a resource type";
      case Item.SchemeItem i -> "a component or instance type";
    };
  }

  private static InvalidComponentException mismatch(
      Definition where, String name, String expected, String got) {
    return mismatch(where, name, "got " + got + " (expected: " + expected + ")");
  }

  private static InvalidComponentException mismatch(
      Definition where, String name, String difference) {
    return Invalid.at(where, "type mismatch for `" + name + "`: " + difference);
  }
}
