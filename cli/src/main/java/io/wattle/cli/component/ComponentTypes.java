package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.runtime.Component;
import io.wattle.wit.type.FunctionType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The types of the functions that a component exports and imports. */
public final class ComponentTypes {
  private final Map<String, FunctionType> exports = new HashMap<>();
  private final Map<String, FunctionType> imports = new HashMap<>();

  /** Knows no function. */
  public ComponentTypes() {}

  /** Those of a component file. */
  public static ComponentTypes of(String file) throws CommandException, InterruptedException {
    ComponentTypes types = new ComponentTypes();
    try (LocalRuntime runtime = LocalRuntime.looking()) {
      Component component = runtime.load(file);
      component
          .exports()
          .forEach(name -> add(types.exports, name, component.exportedFunctions(name)));
      add(types.exports, "", component.exportedFunctions(""));
      component
          .imports()
          .forEach(name -> add(types.imports, name, component.importedFunctions(name)));
      add(types.imports, "", component.importedFunctions(""));
    }
    return types;
  }

  /** An exported function; the instance is empty for one of the world. */
  public Optional<FunctionType> exported(String instance, String function) {
    return Optional.ofNullable(exports.get(key(instance, function)));
  }

  /** An imported function. */
  public Optional<FunctionType> imported(String instance, String function) {
    return Optional.ofNullable(imports.get(key(instance, function)));
  }

  private static void add(
      Map<String, FunctionType> to, String instance, Map<String, FunctionType> functions) {
    functions.forEach((name, type) -> to.put(key(instance, name), type));
  }

  private static String key(String instance, String function) {
    return instance + "#" + function;
  }
}
