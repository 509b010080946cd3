package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.binary.CoreTypeAst;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.Sort;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Definitions that touch core things: core instances and aliases, core types, canon. */
final class CoreDefinitions {
  /** What an import or export of an instantiated module costs, counted in definitions. */
  private static final long COST = 4;

  private final Elaborator elaborator;
  private final Scope scope;
  private final CanonChecks checks;

  CoreDefinitions(Elaborator elaborator, Scope scope) {
    this.elaborator = elaborator;
    this.scope = scope;
    this.checks = new CanonChecks(scope);
  }

  static Item.Core core(Definition where, Sort sort, int index, Scope scope)
      throws InvalidComponentException {
    if (scope.get(sort, index) instanceof Item.Core core) {
      return core;
    }
    throw scope.unknown(where, sort, index);
  }

  private Scope.CoreInstanceItem instance(Definition where, int index)
      throws InvalidComponentException {
    if (scope.get(Sort.CORE_INSTANCE, index) instanceof Scope.CoreInstanceItem instance) {
      return instance;
    }
    throw scope.unknown(where, Sort.CORE_INSTANCE, index);
  }

  void instantiate(Definition.CoreInstantiate d) throws InvalidComponentException {
    if (!(scope.get(Sort.CORE_MODULE, d.module()) instanceof Item.Module module)) {
      throw scope.unknown(d, Sort.CORE_MODULE, d.module());
    }
    // A few bytes can instantiate a module with many imports and exports again and again.
    elaborator.spend(d, COST * (module.imports().size() + (long) module.exports().size()));
    Map<String, Scope.CoreInstanceItem> arguments = new HashMap<>();
    for (Definition.CoreArg argument : d.args()) {
      if (arguments.put(argument.name(), instance(d, argument.instance())) != null) {
        throw Invalid.at(
            d, "duplicate module instantiation argument named `" + argument.name() + "`");
      }
    }
    Map<String, Map<String, CoreRef>> imports = new HashMap<>();
    for (CoreModule.CoreImport need : module.imports()) {
      Scope.CoreInstanceItem from = arguments.get(need.module());
      Item.Core given = from == null ? null : from.exports().get(need.name());
      if (from == null) {
        throw Invalid.at(d, "missing module instantiation argument named `" + need.module() + "`");
      }
      if (given == null) {
        throw Invalid.at(
            d,
            "module instantiation argument `"
                + need.module()
                + "` does not export an item named `"
                + need.name()
                + "`");
      }
      if (!CoreTypes.matches(given.type(), need.type())) {
        throw Invalid.at(
            d,
            "type mismatch for `"
                + need.module()
                + "` `"
                + need.name()
                + "`: "
                + CoreTypes.difference(given.type(), need.type()));
      }
      imports.computeIfAbsent(need.module(), m -> new HashMap<>()).put(need.name(), given.ref());
    }
    Map<String, Item.Core> exports = new LinkedHashMap<>();
    PlanBuilder plan = scope.plan;
    int slot = -1;
    if (plan != null) {
      CoreModule code = module.code();
      if (code == null) {
        throw Invalid.unsupported(d, "a core module of which only the type is known");
      }
      slot = plan.coreInstance();
      plan.steps.add(new Step.Instantiate(slot, code, inOrder(code, imports), scope.instance));
    }
    for (CoreModule.CoreExport export : module.exports()) {
      CoreRef ref =
          plan == null ? CoreRef.Nowhere.NOWHERE : new CoreRef.InstanceExport(slot, export.name());
      exports.put(export.name(), new Item.Core(export.type(), ref));
    }
    scope.add(Sort.CORE_INSTANCE, new Scope.CoreInstanceItem(exports));
  }

  void inline(Definition.CoreInlineInstance d) throws InvalidComponentException {
    Map<String, Item.Core> exports = new LinkedHashMap<>();
    for (Definition.Named n : d.exports()) {
      Item.Core core = core(d, n.sort(), n.index(), scope);
      if (exports.put(n.name(), core) != null) {
        throw Invalid.at(d, "export name `" + n.name() + "` already defined");
      }
    }
    scope.add(Sort.CORE_INSTANCE, new Scope.CoreInstanceItem(exports));
  }

  void alias(Definition.AliasCoreExport d) throws InvalidComponentException {
    Item.Core core = instance(d, d.instance()).exports().get(d.name());
    if (core == null) {
      throw Invalid.at(
          d, "core instance " + d.instance() + " has no export named `" + d.name() + "`");
    }
    Sort sort =
        switch (core.type()) {
          case CoreExternType.Func t -> Sort.CORE_FUNC;
          case CoreExternType.Table t -> Sort.CORE_TABLE;
          case CoreExternType.Memory t -> Sort.CORE_MEMORY;
          case CoreExternType.Global t -> Sort.CORE_GLOBAL;
          case CoreExternType.Tag t -> Sort.CORE_TAG;
        };
    if (sort != d.sort()) {
      throw Invalid.at(
          d,
          "export `"
              + d.name()
              + "` for core instance "
              + d.instance()
              + " is a "
              + sort
              + " and is not a "
              + d.sort());
    }
    scope.add(sort, core);
  }

  static void type(Definition where, CoreTypeAst ast, Scope scope)
      throws InvalidComponentException {
    switch (ast) {
      case CoreTypeAst.Func f -> scope.add(Sort.CORE_TYPE, new CoreTypeItem.Func(f.type()));
      case CoreTypeAst.Opaque o -> scope.add(Sort.CORE_TYPE, new CoreTypeItem.Opaque());
      case CoreTypeAst.Group g -> {
        for (CoreTypeAst member : g.types()) {
          type(where, member, scope);
        }
      }
      case CoreTypeAst.Module m -> scope.add(Sort.CORE_TYPE, module(where, m, scope));
    }
  }

  private static CoreTypeItem.Module module(Definition where, CoreTypeAst.Module ast, Scope outer)
      throws InvalidComponentException {
    Scope scope = new Scope(outer, false, null, -1);
    List<CoreModule.CoreImport> imports = new ArrayList<>();
    List<CoreModule.CoreExport> exports = new ArrayList<>();
    Set<String> importNames = new HashSet<>();
    Set<String> exportNames = new HashSet<>();
    for (CoreTypeAst.Declarator declarator : ast.declarators()) {
      switch (declarator) {
        case CoreTypeAst.Import d -> {
          uniqueImport(where, importNames, d.module(), d.name());
          imports.add(
              new CoreModule.CoreImport(d.module(), d.name(), desc(where, d.desc(), scope)));
        }
        case CoreTypeAst.Export d -> {
          if (!exportNames.add(d.name())) {
            throw Invalid.at(where, "export name `" + d.name() + "` already defined");
          }
          exports.add(new CoreModule.CoreExport(d.name(), desc(where, d.desc(), scope)));
        }
        case CoreTypeAst.Type d -> type(where, d.type(), scope);
        case CoreTypeAst.OuterAlias d -> {
          Scope target = scope;
          for (int i = 0; i < d.count(); i++) {
            Scope next = target.outer;
            if (next == null) {
              throw Invalid.at(where, "invalid outer alias count of " + d.count());
            }
            target = next;
          }
          if (!(target.get(Sort.CORE_TYPE, d.index()) instanceof CoreTypeItem.Func func)) {
            throw target.unknown(where, Sort.CORE_TYPE, d.index());
          }
          scope.add(Sort.CORE_TYPE, func);
        }
      }
    }
    return new CoreTypeItem.Module(List.copyOf(imports), List.copyOf(exports));
  }

  /** Both parts of a name in one: no other two make the same. */
  static String path(String module, String name) {
    return module.length() + ":" + module + name;
  }

  /** Two-level names become one name, so they may come only once (Explainer, core modules). */
  static void uniqueImport(Definition where, Set<String> seen, String module, String name)
      throws InvalidComponentException {
    if (!seen.add(path(module, name))) {
      throw Invalid.at(where, "duplicate import name `" + module + ":" + name + "`");
    }
  }

  private static CoreExternType desc(Definition where, CoreTypeAst.Desc desc, Scope scope)
      throws InvalidComponentException {
    return switch (desc) {
      case CoreTypeAst.Direct d -> {
        if (d.type() instanceof CoreExternType.Memory m) {
          long most = m.memory64() ? 1L << 48 : 1L << 16;
          Long max = m.max();
          if (Long.compareUnsigned(m.min(), most) > 0
              || (max != null && Long.compareUnsigned(max, most) > 0)) {
            throw Invalid.at(where, "memory size must be at most " + most + " pages");
          }
        }
        yield d.type();
      }
      case CoreTypeAst.FuncDesc d -> func(where, d.type(), scope);
      case CoreTypeAst.TagDesc d -> new CoreExternType.Tag(func(where, d.type(), scope));
    };
  }

  private static CoreExternType.Func func(Definition where, int index, Scope scope)
      throws InvalidComponentException {
    if (scope.get(Sort.CORE_TYPE, index) instanceof CoreTypeItem.Func func) {
      return func.type();
    }
    throw scope.unknown(where, Sort.CORE_TYPE, index);
  }

  static CoreTypeItem.Module moduleType(Definition where, int index, Scope scope)
      throws InvalidComponentException {
    if (scope.get(Sort.CORE_TYPE, index) instanceof CoreTypeItem.Module module) {
      return module;
    }
    throw Invalid.at(where, "core type index " + index + " is not a module type");
  }

  void lift(Definition.Lift d) throws InvalidComponentException {
    if (!(Types.type(d, d.type(), scope) instanceof Item.FuncItem func)) {
      throw Invalid.at(d, "type index " + d.type() + " is not a function type");
    }
    FunctionType type = func.type();
    elaborator.spend(d, elaborator.types.cost(type));
    Item.Core core = core(d, Sort.CORE_FUNC, d.coreFunc(), scope);
    FunctionCodec codec = elaborator.codecs.function(type, checks.layout(d, d.options()));
    CoreExternType.Func wanted = codec.lifted(d.options());
    Step.Options options =
        checks.check(
            d,
            d.options(),
            codec.liftNeedsMemory(d.options()),
            codec.liftNeedsRealloc(),
            new CanonChecks.Lifting(type, wanted));
    if (!core.type().equals(wanted)) {
      boolean parameters =
          !(core.type() instanceof CoreExternType.Func f)
              || !f.parameters().equals(wanted.parameters());
      throw Invalid.at(
          d,
          "lowered "
              + (parameters ? "parameter" : "result")
              + " types do not match: got "
              + CoreTypes.show(core.type())
              + " (expected: "
              + CoreTypes.show(wanted)
              + ")");
    }
    FuncRef ref = FuncRef.Nowhere.NOWHERE;
    PlanBuilder plan = scope.plan;
    if (plan != null) {
      plan.lifted.add(
          new Plan.Lifted(plan.extern(core.ref()), type, codec, options, scope.instance));
      ref = new FuncRef.Lifted(plan.lifted.size() - 1);
    }
    scope.add(Sort.FUNC, new Item.Func(type, ref));
  }

  void lower(Definition.Lower d) throws InvalidComponentException {
    if (!(scope.get(Sort.FUNC, d.func()) instanceof Item.Func func)) {
      throw scope.unknown(d, Sort.FUNC, d.func());
    }
    elaborator.spend(d, elaborator.types.cost(func.type()));
    FunctionCodec codec = elaborator.codecs.function(func.type(), checks.layout(d, d.options()));
    Step.Options options =
        checks.check(
            d,
            d.options(),
            codec.lowerNeedsMemory(d.options()),
            codec.lowerNeedsRealloc(),
            new CanonChecks.Lowering(func.type()));
    refuseAsync(d, func);
    CoreRef ref = CoreRef.Nowhere.NOWHERE;
    PlanBuilder plan = scope.plan;
    if (plan != null) {
      int slot = plan.hostFunction(d);
      plan.steps.add(
          new Step.Lower(
              slot,
              func.ref(),
              func.type().async(),
              codec.lowered(d.options()),
              codec,
              options,
              scope.instance));
      ref = new CoreRef.HostFunction(slot);
    }
    scope.add(Sort.CORE_FUNC, new Item.Core(codec.lowered(d.options()), ref));
  }

  /** What is valid but no host can give yet. */
  private void refuseAsync(Definition d, Item.Func func) throws InvalidComponentException {
    if (func.ref() instanceof FuncRef.Imported(int index)
        && scope.plan != null
        && elaborator.types.hasAsync(func.type())) {
      elaborator.unserved(
          d,
          scope.plan.needed(index),
          "the import " + scope.plan.show(index) + " with a stream, future or error-context");
    }
  }

  void resource(Definition d, int index, Step.Builtin builtin) throws InvalidComponentException {
    ResourceType type = Types.resource(d, index, scope);
    if (builtin != Step.Builtin.DROP && !scope.local.contains(type)) {
      throw Invalid.at(d, "type index " + index + " is not a local resource");
    }
    PlanBuilder plan = scope.plan;
    CoreRef ref = CoreRef.Nowhere.NOWHERE;
    if (plan != null) {
      int slot = plan.hostFunction(d);
      plan.steps.add(new Step.Resource(slot, builtin, type, scope.instance));
      ref = new CoreRef.HostFunction(slot);
    }
    scope.add(Sort.CORE_FUNC, new Item.Core(builtin.coreType(), ref));
  }

  /** As the code has them; the type by which it is known here may have more, in another order. */
  private static List<CoreRef> inOrder(CoreModule code, Map<String, Map<String, CoreRef>> imports) {
    return code.imports().stream()
        .map(need -> imports.getOrDefault(need.module(), Map.of()).get(need.name()))
        .map(ref -> Objects.requireNonNull(ref, "its type has all of its imports"))
        .toList();
  }
}
