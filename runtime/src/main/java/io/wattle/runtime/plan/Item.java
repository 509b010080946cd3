package io.wattle.runtime.plan;

import io.wattle.runtime.binary.Sort;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something in a component's index spaces, with its type and where it is found. */
public sealed interface Item {
  /** Whose index space it belongs to. */
  default Sort sort() {
    return switch (this) {
      case Func i -> Sort.FUNC;
      case Instance i -> Sort.INSTANCE;
      case Component i -> Sort.COMPONENT;
      case Module i -> Sort.CORE_MODULE;
      case Type i -> Sort.TYPE;
    };
  }

  /** A function. */
  record Func(FunctionType type, FuncRef ref) implements Item {}

  /** An instance: its exports by name, in order. */
  record Instance(Map<String, Item> exports) implements Item {}

  /** A component that may be instantiated. */
  record Component(Instantiable code) implements Item {}

  /** A core module; {@code code} is null when only its type is known. */
  record Module(
      List<CoreModule.CoreImport> imports,
      List<CoreModule.CoreExport> exports,
      @Nullable CoreModule code)
      implements Item {}

  /** A type. */
  sealed interface Type extends Item {}

  /** A value type. */
  record ValueItem(ValueType type) implements Type {}

  /** A function type. */
  record FuncItem(FunctionType type) implements Type {}

  /** A resource type. */
  record ResourceItem(ResourceType type) implements Type {}

  /** A component or instance type: its declarators, to be evaluated where they were written. */
  record SchemeItem(TypeScheme scheme) implements Type {}

  /** A core thing: function, table, memory, global or tag. */
  record Core(CoreExternType type, CoreRef ref) {}
}
