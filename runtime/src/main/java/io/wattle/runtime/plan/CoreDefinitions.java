package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.abi.FunctionCodec;
import io.wattle.runtime.binary.CanonOptions;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Definitions that touch core things: core instances and aliases, core types, canon. */
final class CoreDefinitions {
  private final Elaborator elaborator;
  private final Scope scope;

  CoreDefinitions(Elaborator elaborator, Scope scope) {
    this.elaborator = elaborator;
    this.scope = scope;
  }

  static Item.Core core(Definition where, Sort sort, int index, Scope scope)
      throws InvalidComponentException {
    if (scope.get(sort, index) instanceof Item.Core core) {
      return core;
    }
    throw Elaborator.unknown(where, sort, index, scope);
  }

  private Scope.CoreInstanceItem instance(Definition where, int index)
      throws InvalidComponentException {
    if (scope.get(Sort.CORE_INSTANCE, index) instanceof Scope.CoreInstanceItem instance) {
      return instance;
    }
    throw Elaborator.unknown(where, Sort.CORE_INSTANCE, index, scope);
  }

  void instantiate(Definition.CoreInstantiate d) throws InvalidComponentException {
    if (!(scope.get(Sort.CORE_MODULE, d.module()) instanceof Item.Module module)) {
      throw Elaborator.unknown(d, Sort.CORE_MODULE, d.module(), scope);
    }
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
      plan.steps.add(new Step.Instantiate(slot, code, imports));
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

  static CoreTypeItem type(Definition where, CoreTypeAst ast, Scope scope)
      throws InvalidComponentException {
    return switch (ast) {
      case CoreTypeAst.Func f -> new CoreTypeItem.Func(f.type());
      case CoreTypeAst.Module m -> module(where, m, scope);
    };
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
        case CoreTypeAst.Type d -> scope.add(Sort.CORE_TYPE, type(where, d.type(), scope));
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
            throw Elaborator.unknown(where, Sort.CORE_TYPE, d.index(), target);
          }
          scope.add(Sort.CORE_TYPE, func);
        }
      }
    }
    return new CoreTypeItem.Module(List.copyOf(imports), List.copyOf(exports));
  }

  /** Two-level names become one name, so they may come only once (Explainer, core modules). */
  static void uniqueImport(Definition where, Set<String> seen, String module, String name)
      throws InvalidComponentException {
    if (!seen.add(module.length() + ":" + module + name)) {
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
    throw Elaborator.unknown(where, Sort.CORE_TYPE, index, scope);
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
    Item.Core core = core(d, Sort.CORE_FUNC, d.coreFunc(), scope);
    FunctionCodec codec = elaborator.codecs.function(type, d.options().encoding());
    if (!core.type().equals(codec.lifted())) {
      boolean parameters =
          !(core.type() instanceof CoreExternType.Func f)
              || !f.parameters().equals(codec.lifted().parameters());
      throw Invalid.at(
          d,
          "lowered "
              + (parameters ? "parameter" : "result")
              + " types do not match: got "
              + CoreTypes.show(core.type())
              + " (expected: "
              + CoreTypes.show(codec.lifted())
              + ")");
    }
    Step.Options options =
        options(d, d.options(), codec.liftNeedsMemory(), codec.liftNeedsRealloc(), codec);
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
      throw Elaborator.unknown(d, Sort.FUNC, d.func(), scope);
    }
    FunctionCodec codec = elaborator.codecs.function(func.type(), d.options().encoding());
    Step.Options options =
        options(d, d.options(), codec.lowerNeedsMemory(), codec.lowerNeedsRealloc(), null);
    CoreRef ref = CoreRef.Nowhere.NOWHERE;
    PlanBuilder plan = scope.plan;
    if (plan != null) {
      int slot = plan.hostFunction();
      plan.steps.add(new Step.Lower(slot, func.ref(), codec, options, scope.instance));
      ref = new CoreRef.HostFunction(slot);
    }
    scope.add(Sort.CORE_FUNC, new Item.Core(codec.lowered(), ref));
  }

  void resource(Definition d, int index, Step.Builtin builtin) throws InvalidComponentException {
    ResourceType type = Types.resource(d, index, scope);
    if (builtin != Step.Builtin.DROP && !scope.local.contains(type)) {
      throw Invalid.at(d, "type index " + index + " is not a local resource");
    }
    PlanBuilder plan = scope.plan;
    CoreRef ref = CoreRef.Nowhere.NOWHERE;
    if (plan != null) {
      int slot = plan.hostFunction();
      plan.steps.add(new Step.Resource(slot, builtin, type, scope.instance));
      ref = new CoreRef.HostFunction(slot);
    }
    scope.add(Sort.CORE_FUNC, new Item.Core(builtin.coreType(), ref));
  }

  /** Checks options; {@code lifted} is null when lowering, where there is no post-return. */
  private Step.Options options(
      Definition d,
      CanonOptions options,
      boolean needsMemory,
      boolean needsRealloc,
      @Nullable FunctionCodec lifted)
      throws InvalidComponentException {
    if (options.async() || options.callback() != null) {
      throw Invalid.wasi3(d, "the canonical option async");
    }
    int memory = -1;
    int realloc = -1;
    int postReturn = -1;
    Integer index = options.memory();
    if (index != null) {
      Item.Core core = core(d, Sort.CORE_MEMORY, index, scope);
      if (core.type() instanceof CoreExternType.Memory m && (m.memory64() || m.shared())) {
        throw Invalid.unsupported(
            d, "a 64-bit or shared memory as canonical option is not supported");
      }
      memory = extern(core);
    } else if (options.realloc() != null) {
      throw Invalid.at(d, "canonical option `realloc` requires `memory` to also be specified");
    } else if (needsMemory) {
      throw Invalid.at(d, "canonical option `memory` is required");
    }
    index = options.realloc();
    if (index != null) {
      Item.Core core = core(d, Sort.CORE_FUNC, index, scope);
      if (!core.type().equals(CoreTypes.REALLOC)) {
        throw Invalid.at(
            d,
            "canonical option `realloc` uses a core function with an incorrect signature: "
                + CoreTypes.show(core.type()));
      }
      realloc = extern(core);
    } else if (needsRealloc) {
      throw Invalid.at(d, "canonical option `realloc` is required");
    }
    index = options.postReturn();
    if (index != null) {
      if (lifted == null) {
        throw Invalid.at(d, "canonical option `post-return` cannot be specified for lowerings");
      }
      Item.Core core = core(d, Sort.CORE_FUNC, index, scope);
      CoreExternType.Func wanted = new CoreExternType.Func(lifted.lifted().results(), List.of());
      if (!core.type().equals(wanted)) {
        throw Invalid.at(
            d,
            "canonical option `post-return` uses a core function with an incorrect signature: "
                + CoreTypes.show(core.type())
                + " (expected: "
                + CoreTypes.show(wanted)
                + ")");
      }
      postReturn = extern(core);
    }
    return new Step.Options(memory, realloc, postReturn);
  }

  private int extern(Item.Core core) {
    return scope.plan == null ? -1 : scope.plan.extern(core.ref());
  }
}
