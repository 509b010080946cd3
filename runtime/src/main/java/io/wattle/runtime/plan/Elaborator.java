package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.InvalidComponentException.Reason;
import io.wattle.runtime.abi.Codecs;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.ExternDesc;
import io.wattle.runtime.binary.ParsedComponent;
import io.wattle.runtime.binary.Sort;
import io.wattle.runtime.binary.TypeAst;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.wit.name.ExternName;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks a component's definitions: resolves index spaces, checks types, and, where a plan is being
 * made, writes its steps. A nested component is checked once by itself, with imports of which only
 * the type is known, and walked again with its arguments wherever it is instantiated, so that all
 * types of the plan are concrete.
 */
public final class Elaborator {
  private static final int MAX_MODULES = 1_000;

  /** Definitions that may be walked: instantiation multiplies them. */
  private static final int MAX_WORK = 1_000_000;

  private static final int MAX_DEPTH = 100;

  private final byte[] wasm;
  private final CoreEngine engine;
  private final Map<Definition.Module, CoreModule> modules = new HashMap<>();
  private final Set<Object> checked = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Matcher matcher = new Matcher(this);
  final Types types = new Types();
  final Aliases aliases = new Aliases(types, matcher);
  private @Nullable PlanBuilder current;
  final Codecs codecs = new Codecs(this::definedBy);

  /** Imports that no host can serve, where that is no reason to refuse; null where it is one. */
  private final @Nullable Set<String> unserved;

  private long work;
  private int depth;

  private Elaborator(byte[] wasm, CoreEngine engine, @Nullable Set<String> unserved) {
    this.wasm = wasm;
    this.engine = engine;
    this.unserved = unserved;
  }

  /**
   * Validates a component.
   *
   * @throws InvalidComponentException when a rule is broken
   */
  public static void validate(byte[] wasm, ParsedComponent component, CoreEngine engine)
      throws InvalidComponentException {
    new Elaborator(wasm, engine, null).check(component, null);
  }

  /**
   * Validates a component and makes its plan.
   *
   * @throws InvalidComponentException when a rule is broken or a feature is missing
   */
  public static Plan plan(byte[] wasm, ParsedComponent component, CoreEngine engine)
      throws InvalidComponentException {
    return plan(wasm, component, engine, null);
  }

  /**
   * The same for a component that is only looked at.
   *
   * @param unserved gets the imports that no host can serve, for which {@link #plan} refuses it
   */
  public static Plan look(
      byte[] wasm, ParsedComponent component, CoreEngine engine, Set<String> unserved)
      throws InvalidComponentException {
    return plan(wasm, component, engine, unserved);
  }

  private static Plan plan(
      byte[] wasm, ParsedComponent component, CoreEngine engine, @Nullable Set<String> unserved)
      throws InvalidComponentException {
    Elaborator elaborator = new Elaborator(wasm, engine, unserved);
    elaborator.check(component, null);
    return elaborator.plan(component);
  }

  /** A valid import that no host can serve yet. */
  void unserved(Definition where, String imported, String what) throws InvalidComponentException {
    if (unserved == null) {
      throw Invalid.wasi3(where, what);
    }
    unserved.add(imported);
  }

  private Plan plan(ParsedComponent component) throws InvalidComponentException {
    PlanBuilder plan = new PlanBuilder();
    current = plan;
    Map<String, Item> imported = new LinkedHashMap<>();
    Scope scope = new Scope(null, true, plan, plan.root());
    Map<String, Item> exported =
        definitions(
            component,
            scope,
            (where, name, desc) -> {
              Item item = matcher.make(where, name, desc, scope, Origin.of(plan));
              imported.put(name, item);
              return item;
            });
    return plan.build(imported, exported);
  }

  /** Who defines a resource: an instance of the plan, or the host (which an import may be). */
  private int definedBy(ResourceType type) {
    Plan.Resource resource = current == null ? null : current.resources.get(type);
    return resource == null ? -1 : resource.instance();
  }

  /** Checks a component by itself, once. */
  private void check(ParsedComponent component, @Nullable Scope outer)
      throws InvalidComponentException {
    if (checked.add(component)) {
      Scope scope = new Scope(outer, true, new Visibility(this, matcher));
      definitions(
          component,
          scope,
          (where, name, desc) -> matcher.make(where, name, desc, scope, Origin.NOWHERE));
    }
  }

  /** Checks a component or instance type by itself, once. */
  private void check(Definition where, Object ast, TypeScheme scheme)
      throws InvalidComponentException {
    if (checked.add(ast)) {
      matcher.evaluate(where, scheme, null, null, Origin.NOWHERE);
    }
  }

  /** Where the items come from that imports are satisfied with. */
  @FunctionalInterface
  interface Supplier {
    Item get(Definition where, String name, ExternDesc desc) throws InvalidComponentException;
  }

  /** Counts work and depth, so that small binaries cannot ask for huge amounts of either. */
  void enter(Definition where) throws InvalidComponentException {
    if (++depth > MAX_DEPTH) {
      throw Invalid.at(where, "instantiation is nested deeper than " + MAX_DEPTH);
    }
    spend(where);
  }

  void leave() {
    depth--;
  }

  void spend(Definition where) throws InvalidComponentException {
    spend(where, 1);
  }

  /** Counts work that costs as much as so many definitions. */
  void spend(Definition where, long cost) throws InvalidComponentException {
    work += cost;
    if (work > MAX_WORK) {
      throw Invalid.at(where, "the component expands to more than " + MAX_WORK + " definitions");
    }
  }

  /** Instantiates a component or component type with arguments: its exports. */
  Map<String, Item> instantiate(
      Definition where,
      Instantiable what,
      Map<String, Item> arguments,
      @Nullable PlanBuilder plan,
      int parent)
      throws InvalidComponentException {
    enter(where);
    try {
      return switch (what) {
        case TypeScheme scheme -> matcher.evaluate(where, scheme, arguments, null, Origin.NOWHERE);
        case Closure closure -> {
          int instance = plan == null ? -1 : plan.componentInstance(where, parent);
          Scope scope = new Scope(closure.outer(), true, plan, instance);
          yield definitions(
              closure.component(),
              scope,
              (at, name, desc) ->
                  matcher.match(where, name, desc, argument(where, arguments, name), scope));
        }
      };
    } finally {
      leave();
    }
  }

  static Item argument(Definition where, Map<String, Item> arguments, String name)
      throws InvalidComponentException {
    Item item = arguments.get(name);
    if (item == null) {
      throw Invalid.at(where, "missing import named `" + name + "`");
    }
    return item;
  }

  private Map<String, Item> definitions(ParsedComponent component, Scope scope, Supplier imports)
      throws InvalidComponentException {
    Map<String, Item> exports = new LinkedHashMap<>();
    Names importNames = Names.imports();
    Names exportNames = Names.exports();
    Visibility visibility = scope.visibility;
    Types checked = visibility == null ? null : types;
    CoreDefinitions core = new CoreDefinitions(this, scope);
    for (Definition definition : component.definitions()) {
      spend(definition, Weight.of(definition));
      switch (definition) {
        case Definition.Module d -> {
          CoreModule module = module(d);
          scope.add(Sort.CORE_MODULE, new Item.Module(module.imports(), module.exports(), module));
        }
        case Definition.CoreInstantiate d -> core.instantiate(d);
        case Definition.CoreInlineInstance d -> core.inline(d);
        case Definition.CoreType d -> CoreDefinitions.type(d, d.type(), scope);
        case Definition.Nested d -> {
          check(d.component(), scope);
          scope.add(Sort.COMPONENT, new Item.Component(new Closure(d.component(), scope)));
        }
        case Definition.Instantiate d -> instantiate(d, scope);
        case Definition.InlineInstance d -> {
          Map<String, Item> items = new LinkedHashMap<>();
          Names names = Names.exports();
          for (Definition.Named n : d.exports()) {
            ExternName parsed = names.add(d, n.label());
            Item item = scope.item(d, n.sort(), n.index());
            names.check(d, n.label(), parsed, Visibility.rename(item, types), checked);
            items.put(n.name(), item);
          }
          scope.add(Sort.INSTANCE, new Item.Instance(items));
        }
        case Definition.AliasExport d -> aliases.export(d, scope);
        case Definition.AliasCoreExport d -> core.alias(d);
        case Definition.AliasOuter d -> aliases.outer(d, scope);
        case Definition.Type d -> scope.add(Sort.TYPE, type(d, d.type(), scope));
        case Definition.Lift d -> core.lift(d);
        case Definition.Lower d -> core.lower(d);
        case Definition.ResourceNew d -> core.resource(d, d.type(), Step.Builtin.NEW);
        case Definition.ResourceDrop d -> core.resource(d, d.type(), Step.Builtin.DROP);
        case Definition.ResourceRep d -> core.resource(d, d.type(), Step.Builtin.REP);
        case Definition.AsyncBuiltin d -> new AsyncDefinitions(this, scope).define(d);
        case Definition.Gated d -> throw Invalid.unsupported(d, d.what() + " is not supported");
        case Definition.Import d -> {
          ExternName name = importNames.add(d, d.label());
          refuseWasi3(d, name, scope);
          Item item = imports.get(d, d.name(), d.desc());
          if (visibility != null) {
            if (d.desc() instanceof ExternDesc.TypeEq) {
              visibility.importsEqualTo(d, item);
            }
            item = visibility.rename(item);
            importNames.check(d, d.label(), name, item, types);
            visibility.imports(d, item);
          }
          scope.add(item);
        }
        case Definition.Export d -> {
          ExternName name = exportNames.add(d, d.label());
          Item item = scope.item(d, d.sort(), d.index());
          ExternDesc desc = d.desc();
          if (desc != null) {
            item = ascribed(d, desc, item, scope);
          }
          if (visibility != null) {
            item = visibility.rename(item);
            exportNames.check(d, d.label(), name, item, types);
            visibility.exports(d, item);
          }
          exports.put(d.name(), item);
          scope.add(item);
        }
        case Definition.ExportDecl d -> throw Invalid.at(d, "a declarator outside a type");
      }
    }
    return exports;
  }

  /** An exported item with the type that the export gives it. */
  private Item ascribed(Definition.Export d, ExternDesc desc, Item item, Scope scope)
      throws InvalidComponentException {
    Item matched;
    try {
      matched = matcher.match(d, d.name(), desc, item, scope);
    } catch (InvalidComponentException e) {
      throw e.reason() == Reason.INVALID
          ? new InvalidComponentException(
              Reason.INVALID, e.getMessage() + ": ascribed type of export is not compatible", e)
          : e;
    }
    if (desc instanceof ExternDesc.TypeEq eq) {
      return Types.type(d, eq.type(), scope);
    }
    // Seen from outside it is a resource of its own; where a graph is built it is what it is.
    return desc instanceof ExternDesc.SubResource && scope.plan == null
        ? new Item.ResourceItem(new ResourceType(d.name()))
        : matched;
  }

  /** Only of the whole: what a component inside imports is served by what is around it. */
  private void refuseWasi3(Definition.Import where, ExternName name, Scope scope)
      throws InvalidComponentException {
    if (scope.plan != null
        && scope.instance == 0
        && name instanceof ExternName.Interface i
        && i.namespace().equals("wasi")
        && i.version().isPresent()
        && i.version().get().major() == 0
        && i.version().get().minor() == 3) {
      unserved(where, where.name(), "the import " + name);
    }
  }

  private CoreModule module(Definition.Module d) throws InvalidComponentException {
    CoreModule known = modules.get(d);
    if (known != null) {
      return known;
    }
    if (modules.size() >= MAX_MODULES) {
      throw Invalid.at(d, "more than " + MAX_MODULES + " core modules");
    }
    try {
      CoreModule module = engine.compile(Arrays.copyOfRange(wasm, d.start(), d.end()));
      Set<String> names = new HashSet<>();
      for (CoreModule.CoreImport need : module.imports()) {
        CoreDefinitions.uniqueImport(d, names, need.module(), need.name());
      }
      modules.put(d, module);
      return module;
    } catch (InvalidModuleException e) {
      throw new InvalidComponentException(
          e.malformed() ? Reason.MALFORMED : Reason.INVALID,
          "offset 0x" + Integer.toHexString(d.start()) + ", core module section: " + e.getMessage(),
          e);
    }
  }

  private void instantiate(Definition.Instantiate d, Scope scope) throws InvalidComponentException {
    if (!(scope.get(Sort.COMPONENT, d.component()) instanceof Item.Component component)) {
      throw scope.unknown(d, Sort.COMPONENT, d.component());
    }
    Map<String, Item> arguments = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (Definition.Named argument : d.args()) {
      if (!names.add(argument.name())) {
        throw Invalid.at(
            d,
            "instantiation argument `"
                + argument.name()
                + "` conflicts with previous argument `"
                + argument.name()
                + "`");
      }
      arguments.put(argument.name(), scope.item(d, argument.sort(), argument.index()));
    }
    Map<String, Item> exports =
        instantiate(d, component.code(), arguments, scope.plan, scope.instance);
    scope.add(Sort.INSTANCE, new Item.Instance(exports));
  }

  /** A type definition of a component or of a component or instance type. */
  Item.Type type(Definition where, TypeAst ast, Scope scope) throws InvalidComponentException {
    ValueType value = types.value(where, ast, scope);
    if (value != null) {
      return new Item.ValueItem(value);
    }
    if (ast instanceof TypeAst.FuncAst func) {
      FunctionType type = types.function(where, func, scope);
      return new Item.FuncItem(type);
    }
    if (ast instanceof TypeAst.ResourceAst resource) {
      return resource(where, resource, scope);
    }
    TypeScheme scheme =
        ast instanceof TypeAst.ComponentAst c
            ? new TypeScheme(c.declarators(), scope, true)
            : new TypeScheme(((TypeAst.InstanceAst) ast).declarators(), scope, false);
    check(where, ast, scheme);
    return new Item.SchemeItem(scheme);
  }

  private static Item.Type resource(Definition where, TypeAst.ResourceAst ast, Scope scope)
      throws InvalidComponentException {
    if (!scope.component) {
      throw Invalid.at(where, "resources can only be defined within a concrete component");
    }
    ResourceType type = new ResourceType("resource " + scope.size(Sort.TYPE));
    scope.local.add(type);
    int destructor = -1;
    Integer index = ast.destructor();
    if (index != null) {
      Item.Core core = CoreDefinitions.core(where, Sort.CORE_FUNC, index, scope);
      if (!core.type().equals(CoreTypes.I32_TO_NOTHING)) {
        throw Invalid.at(
            where,
            "wrong signature for a destructor: "
                + CoreTypes.show(core.type())
                + " (expected: func [i32] -> [])");
      }
      destructor = scope.plan == null ? -1 : scope.plan.extern(core.ref());
    }
    if (scope.plan != null) {
      scope.plan.resources.put(type, new Plan.Resource(scope.instance, destructor, null, null));
    }
    return new Item.ResourceItem(type);
  }
}
