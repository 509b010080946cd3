package io.wattle.runtime;

import io.wattle.runtime.engine.CodeState;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.plan.Item;
import io.wattle.runtime.plan.Plan;
import io.wattle.wit.type.FunctionType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A component with its plan, which can be carried out when every import can be served. */
record LoadedComponent(String digest, Plan plan, Set<String> unserved) implements Component {
  @Override
  public List<String> imports() {
    return names(plan.importedItems());
  }

  @Override
  public List<String> exports() {
    return names(plan.exportedItems());
  }

  private static List<String> names(Map<String, Item> items) {
    return items.entrySet().stream()
        .filter(e -> e.getValue() instanceof Item.Func || e.getValue() instanceof Item.Instance)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public Map<String, FunctionType> exportedFunctions(String instance) {
    return functions(plan.exportedItems(), instance);
  }

  @Override
  public Map<String, FunctionType> importedFunctions(String instance) {
    return functions(plan.importedItems(), instance);
  }

  private static Map<String, FunctionType> functions(Map<String, Item> items, String instance) {
    Map<String, Item> from = items;
    if (!instance.isEmpty()) {
      from = items.get(instance) instanceof Item.Instance i ? i.exports() : Map.of();
    }
    Map<String, FunctionType> functions = new LinkedHashMap<>();
    from.forEach(
        (name, item) -> {
          if (item instanceof Item.Func func) {
            functions.put(name, func.type());
          }
        });
    return Collections.unmodifiableMap(functions);
  }

  @Override
  public CodeState code() {
    return CodeState.of(plan.modules().map(CoreModule::code).toList());
  }

  @Override
  public CodeState compile() throws InterruptedException {
    List<CoreModule> modules = plan.modules().toList();
    List<CoreModule.Use> uses = modules.stream().map(module -> module.use(() -> {})).toList();
    try {
      List<CodeState> ended = new ArrayList<>();
      for (CoreModule module : modules) {
        ended.add(module.awaitCode());
      }
      return CodeState.of(ended);
    } finally {
      uses.forEach(CoreModule.Use::close);
    }
  }

  @Override
  public String wit() {
    return WorldDescription.of(plan);
  }
}
