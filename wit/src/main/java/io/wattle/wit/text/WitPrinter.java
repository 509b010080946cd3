package io.wattle.wit.text;

import io.wattle.wit.name.ExternName;
import io.wattle.wit.type.ExternType;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.type.WorldType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints a world as WIT that other tools read: what it imports and exports, then every interface
 * with its types, by package. A type that an interface has of another is one that it uses.
 *
 * <p>A component may say more than WIT has words for, such as types that it exports itself, or
 * records without a name: those are spelt out where they are used.
 */
public final class WitPrinter {
  private final StringBuilder out;
  private final TypePrinter types;

  /** Where a type was defined first, of those that others can use. */
  private final IdentityHashMap<Object, Home> homes;

  /** The same by name and by what the types are made of: an alias may be another object. */
  private final Map<Alias, Home> aliases;

  private final TypeIds ids;

  private record Home(String where, String name) {}

  private record Alias(String name, int type) {}

  private WitPrinter() {
    this.out = new StringBuilder();
    this.ids = new TypeIds();
    this.types = new TypePrinter(out, ids);
    this.homes = new IdentityHashMap<>();
    this.aliases = new HashMap<>();
  }

  /** For an interface inside another one's world, with names of its own. */
  private WitPrinter(WitPrinter outer) {
    this.out = outer.out;
    this.ids = outer.ids;
    this.types = new TypePrinter(out, ids);
    this.homes = outer.homes;
    this.aliases = outer.aliases;
  }

  /** A world in words. */
  public static String print(WorldType world) {
    WitPrinter printer = new WitPrinter();
    printer.world(world);
    return printer.out.toString();
  }

  /** A function type, like {@code func(name: string) -> string}. */
  public static String print(FunctionType type) {
    StringBuilder out = new StringBuilder();
    new TypePrinter(out, new TypeIds()).function(type, 0);
    return out.toString();
  }

  /** A value type, like {@code list<u8>}. */
  public static String print(ValueType type) {
    StringBuilder out = new StringBuilder();
    new TypePrinter(out, new TypeIds()).type(type);
    return out.toString();
  }

  /** Imported or exported under a name; an interface may be both, with other types. */
  private record Entry(String name, ExternType item) {}

  private void world(WorldType world) {
    Map<String, List<Entry>> interfaces = interfaces(world);
    out.append("package root:component;\n\nworld root {\n");
    List<Entry> own = entries(world.imports(), world.exports());
    definitions(own, null, "  ");
    world.imports().forEach((name, item) -> worldItem("import", name, item));
    world.exports().forEach((name, item) -> worldItem("export", name, item));
    out.append("}\n");
    Map<String, List<String>> packages = new LinkedHashMap<>();
    for (String name : interfaces.keySet()) {
      packages.computeIfAbsent(packageOf(name), of -> new ArrayList<>()).add(name);
    }
    packages.forEach(
        (name, members) -> {
          out.append("\npackage ").append(name).append(" {\n");
          for (String member : members) {
            out.append("  interface ").append(interfaceOf(member)).append(" {\n");
            types.forget();
            List<Entry> items = interfaces.getOrDefault(member, List.of());
            definitions(items, member, "    ");
            functions(items, "    ");
            out.append("  }\n");
          }
          out.append("}\n");
        });
  }

  /** What is imported, then what is only exported; of each interface all that either says of it. */
  private Map<String, List<Entry>> interfaces(WorldType world) {
    Map<String, List<Entry>> interfaces = new LinkedHashMap<>();
    for (Map<String, ExternType> side : List.of(world.imports(), world.exports())) {
      side.forEach(
          (name, item) -> {
            if (item instanceof ExternType.Instance instance && name.indexOf(':') >= 0) {
              List<Entry> all = interfaces.computeIfAbsent(name, of -> new ArrayList<>());
              all.addAll(entries(instance.type().items()));
              all.forEach(entry -> settle(entry, name));
            }
          });
    }
    return interfaces;
  }

  private void settle(Entry entry, String where) {
    Object type = typeOf(entry.item());
    if (type != null) {
      Home home = new Home(where, entry.name());
      homes.putIfAbsent(type, home);
      if (type instanceof ValueType value) {
        aliases.putIfAbsent(new Alias(entry.name(), ids.of(value)), home);
      }
    }
  }

  private @Nullable Home home(String name, @Nullable Object type) {
    if (type == null) {
      return null;
    }
    Home home = homes.get(type);
    return type instanceof ValueType value
        ? aliases.getOrDefault(new Alias(name, ids.of(value)), home)
        : home;
  }

  @SafeVarargs
  private static List<Entry> entries(Map<String, ExternType>... sides) {
    List<Entry> entries = new ArrayList<>();
    for (Map<String, ExternType> side : sides) {
      side.forEach((name, item) -> entries.add(new Entry(name, item)));
    }
    return entries;
  }

  /** What has an identity: a resource, or a value type with parts. */
  private static @Nullable Object typeOf(ExternType item) {
    return switch (item) {
      case ExternType.Resource r -> r.type();
      case ExternType.Named n -> n.type() instanceof ValueType.Primitive ? null : n.type();
      case ExternType.Function f -> null;
      case ExternType.Instance i -> null;
    };
  }

  /** Definitions may stand behind their uses, so all have their names first. */
  private void definitions(List<Entry> items, @Nullable String where, String indent) {
    for (Entry entry : items) {
      Object type = typeOf(entry.item());
      if (type != null) {
        types.name(type, entry.name());
      }
    }
    Map<String, Map<ExternName.Plain, FunctionType>> members = members(items);
    Map<String, ExternType> once = new LinkedHashMap<>();
    items.forEach(entry -> once.putIfAbsent(entry.name(), entry.item()));
    once.forEach(
        (name, item) -> {
          Object type = typeOf(item);
          Home home = home(name, type);
          if (home != null && !home.where().equals(where)) {
            use(home, name, where, indent);
            return;
          }
          String known = type == null ? null : types.nameOf(type);
          if (known != null && !known.equals(name)) {
            out.append(indent).append("type ").append(Ids.of(name)).append(" = ");
            out.append(Ids.of(known)).append(";\n");
            return;
          }
          switch (item) {
            case ExternType.Resource r ->
                resource(name, members.getOrDefault(name, Map.of()), indent);
            case ExternType.Named n -> types.definition(name, n.type(), indent);
            case ExternType.Function f -> {}
            case ExternType.Instance i -> {}
          }
        });
  }

  private void use(Home home, String name, @Nullable String where, String indent) {
    boolean near = where != null && packageOf(where).equals(packageOf(home.where()));
    out.append(indent)
        .append("use ")
        .append(near ? interfaceOf(home.where()) : home.where())
        .append(".{")
        .append(Ids.of(home.name()));
    if (!home.name().equals(name)) {
      out.append(" as ").append(Ids.of(name));
    }
    out.append("};\n");
  }

  private static String packageOf(String name) {
    int slash = name.lastIndexOf('/', name.indexOf('@') < 0 ? name.length() : name.indexOf('@'));
    int at = name.indexOf('@');
    return name.substring(0, Math.max(0, slash)) + (at < 0 ? "" : name.substring(at));
  }

  private static String interfaceOf(String name) {
    int at = name.indexOf('@');
    String path = at < 0 ? name : name.substring(0, at);
    return Ids.of(path.substring(path.lastIndexOf('/') + 1));
  }

  private void worldItem(String verb, String name, ExternType item) {
    switch (item) {
      case ExternType.Instance i -> {
        out.append("  ").append(verb).append(' ');
        if (name.indexOf(':') >= 0) {
          out.append(name).append(";\n");
        } else {
          out.append(Ids.of(name)).append(": interface {\n");
          inline(entries(i.type().items()));
          out.append("  }\n");
        }
      }
      case ExternType.Function f -> {
        if (!name.startsWith("[")) {
          out.append("  ").append(verb).append(' ').append(Ids.of(name)).append(": ");
          types.function(f.type(), 0);
          out.append(";\n");
        }
      }
      case ExternType.Named n -> {}
      case ExternType.Resource r -> {}
    }
  }

  /** An interface of the world's own has names of its own. */
  private void inline(List<Entry> items) {
    WitPrinter printer = new WitPrinter(this);
    printer.definitions(items, null, "    ");
    printer.functions(items, "    ");
  }

  private void functions(List<Entry> items, String indent) {
    Map<String, FunctionType> once = new LinkedHashMap<>();
    for (Entry entry : items) {
      if (entry.item() instanceof ExternType.Function f && !entry.name().startsWith("[")) {
        once.putIfAbsent(entry.name(), f.type());
      }
    }
    once.forEach(
        (name, type) -> {
          out.append(indent).append(Ids.of(name)).append(": ");
          types.function(type, 0);
          out.append(";\n");
        });
  }

  /** Constructors, methods and static functions, by the name of their resource. */
  private static Map<String, Map<ExternName.Plain, FunctionType>> members(List<Entry> items) {
    Map<String, Map<ExternName.Plain, FunctionType>> members = new LinkedHashMap<>();
    for (Entry entry : items) {
      if (entry.item() instanceof ExternType.Function f
          && entry.name().startsWith("[")
          && ExternName.parse(entry.name()) instanceof ExternName.Plain plain) {
        members
            .computeIfAbsent(plain.resource(), of -> new LinkedHashMap<>())
            .putIfAbsent(plain, f.type());
      }
    }
    return members;
  }

  private void resource(String name, Map<ExternName.Plain, FunctionType> members, String indent) {
    out.append(indent).append("resource ").append(Ids.of(name));
    if (members.isEmpty()) {
      out.append(";\n");
      return;
    }
    out.append(" {\n");
    members.forEach(
        (member, type) -> {
          out.append(indent).append("  ");
          member(member, type);
          out.append(";\n");
        });
    out.append(indent).append("}\n");
  }

  private void member(ExternName.Plain name, FunctionType type) {
    switch (name.kind()) {
      case CONSTRUCTOR -> {
        out.append("constructor");
        types.parameters(type, 0);
        ValueType result = type.result();
        if (result != null && !(result instanceof ValueType.OwnType)) {
          out.append(" -> ");
          types.type(result);
        }
      }
      case METHOD -> {
        out.append(Ids.of(name.label())).append(": ");
        types.function(type, 1);
      }
      case STATIC -> {
        out.append(Ids.of(name.label())).append(": static ");
        types.function(type, 0);
      }
      case LABEL -> out.append(Ids.of(name.label()));
    }
  }
}
