package io.wattle.runtime;

import io.wattle.runtime.plan.Item;
import io.wattle.runtime.plan.Plan;
import io.wattle.wit.text.WitPrinter;
import io.wattle.wit.type.ExternType;
import io.wattle.wit.type.InterfaceType;
import io.wattle.wit.type.WorldType;
import java.util.LinkedHashMap;
import java.util.Map;

/** A component's imports and exports as a WIT world. */
final class WorldDescription {
  private WorldDescription() {}

  static String of(Plan plan) {
    return WitPrinter.print(
        new WorldType(externs(plan.importedItems()), externs(plan.exportedItems())));
  }

  private static Map<String, ExternType> externs(Map<String, Item> items) {
    Map<String, ExternType> externs = new LinkedHashMap<>();
    items.forEach(
        (name, item) -> {
          switch (item) {
            case Item.Func i -> externs.put(name, new ExternType.Function(i.type()));
            case Item.Instance i ->
                externs.put(name, new ExternType.Instance(new InterfaceType(externs(i.exports()))));
            case Item.ValueItem i -> externs.put(name, new ExternType.Named(i.type()));
            case Item.ResourceItem i -> externs.put(name, new ExternType.Resource(i.type()));
            // WIT has no words for these.
            case Item.FuncItem i -> {}
            case Item.SchemeItem i -> {}
            case Item.Component i -> {}
            case Item.Module i -> {}
          }
        });
    return externs;
  }
}
