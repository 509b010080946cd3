package io.wattle.wit.text;

import io.wattle.wit.name.ExternName;
import io.wattle.wit.type.ExternType;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.InterfaceType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.type.WorldType;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Prints a world as WIT: what it imports and exports, then every interface with its types. Made for
 * reading; anonymous names of packages are what the component says.
 */
public final class WitPrinter {
  private final StringBuilder out = new StringBuilder();

  /** Names of types in the interface that is being printed; types without one are spelt out. */
  private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();

  private WitPrinter() {}

  /** A world in words. */
  public static String print(WorldType world) {
    WitPrinter printer = new WitPrinter();
    printer.world(world);
    return printer.out.toString();
  }

  /** A function type, like {@code func(name: string) -> string}. */
  public static String print(FunctionType type) {
    WitPrinter printer = new WitPrinter();
    printer.function(type, 0);
    return printer.out.toString();
  }

  /** A value type, like {@code list<u8>}. */
  public static String print(ValueType type) {
    WitPrinter printer = new WitPrinter();
    printer.type(type);
    return printer.out.toString();
  }

  private void world(WorldType world) {
    out.append("world component {\n");
    world.imports().forEach((name, item) -> worldItem("import", name, item));
    world.exports().forEach((name, item) -> worldItem("export", name, item));
    out.append("}\n");
    Map<String, ExternType> all = new java.util.LinkedHashMap<>(world.imports());
    world.exports().forEach(all::putIfAbsent);
    all.forEach(
        (name, item) -> {
          if (item instanceof ExternType.Instance i && name.indexOf(':') >= 0) {
            out.append("\ninterface ").append(name).append(" {\n");
            body(i.type(), "  ");
            out.append("}\n");
          }
        });
  }

  private void worldItem(String verb, String name, ExternType item) {
    switch (item) {
      case ExternType.Instance i -> {
        if (name.indexOf(':') >= 0) {
          out.append("  ").append(verb).append(' ').append(name).append(";\n");
        } else {
          out.append("  ").append(verb).append(' ').append(name).append(": interface {\n");
          body(i.type(), "    ");
          out.append("  }\n");
        }
      }
      case ExternType.Function f -> {
        out.append("  ").append(verb).append(' ').append(name).append(": ");
        function(f.type(), 0);
        out.append(";\n");
      }
      case ExternType.Named n -> named(name, n.type(), "  ");
      case ExternType.Resource r -> out.append("  resource ").append(name).append(";\n");
    }
  }

  private void body(InterfaceType type, String indent) {
    names.clear();
    type.items()
        .forEach(
            (name, item) -> {
              switch (item) {
                case ExternType.Resource r -> resource(name, r.type(), type, indent);
                case ExternType.Named n -> {
                  named(name, n.type(), indent);
                  if (!(n.type() instanceof ValueType.Primitive)) {
                    names.putIfAbsent(n.type(), name);
                  }
                }
                case ExternType.Function f -> {}
                case ExternType.Instance i -> {}
              }
            });
    type.items()
        .forEach(
            (name, item) -> {
              if (item instanceof ExternType.Function f && !name.startsWith("[")) {
                out.append(indent).append(name).append(": ");
                function(f.type(), 0);
                out.append(";\n");
              }
            });
  }

  private void resource(String name, ResourceType type, InterfaceType in, String indent) {
    String known = names.get(type);
    if (known != null) {
      out.append(indent).append("type ").append(name).append(" = ").append(known).append(";\n");
      return;
    }
    names.put(type, name);
    int before = out.length();
    out.append(indent).append("resource ").append(name).append(" {\n");
    int start = out.length();
    in.items()
        .forEach(
            (member, item) -> {
              if (item instanceof ExternType.Function f
                  && member.startsWith("[")
                  && ExternName.parse(member) instanceof ExternName.Plain plain
                  && plain.resource().equals(name)) {
                out.append(indent).append("  ");
                member(plain, f.type());
                out.append(";\n");
              }
            });
    if (out.length() == start) {
      out.setLength(before);
      out.append(indent).append("resource ").append(name).append(";\n");
    } else {
      out.append(indent).append("}\n");
    }
  }

  private void member(ExternName.Plain name, FunctionType type) {
    switch (name.kind()) {
      case CONSTRUCTOR -> {
        out.append("constructor");
        parameters(type, 0);
      }
      case METHOD -> {
        out.append(name.label()).append(": ");
        function(type, 1);
      }
      case STATIC -> {
        out.append(name.label()).append(": static ");
        function(type, 0);
      }
      case LABEL -> out.append(name.label());
    }
  }

  private void function(FunctionType type, int skip) {
    out.append(type.async() ? "async func" : "func");
    parameters(type, skip);
    ValueType result = type.result();
    if (result != null) {
      out.append(" -> ");
      type(result);
    }
  }

  private void parameters(FunctionType type, int skip) {
    out.append('(');
    String separator = "";
    for (FunctionType.Parameter p : type.parameters().subList(skip, type.parameters().size())) {
      out.append(separator).append(p.name()).append(": ");
      type(p.type());
      separator = ", ";
    }
    out.append(')');
  }

  private void named(String name, ValueType type, String indent) {
    String known = names.get(type);
    if (known != null) {
      out.append(indent).append("type ").append(name).append(" = ").append(known).append(";\n");
      return;
    }
    String inner = indent + "  ";
    switch (type) {
      case ValueType.RecordType t -> {
        open("record", name, indent);
        for (ValueType.Field field : t.fields()) {
          out.append(inner).append(field.name()).append(": ");
          type(field.type());
          out.append(",\n");
        }
        out.append(indent).append("}\n");
      }
      case ValueType.VariantType t -> {
        open("variant", name, indent);
        for (ValueType.Case c : t.cases()) {
          out.append(inner).append(c.name());
          ValueType payload = c.payload();
          if (payload != null) {
            out.append('(');
            type(payload);
            out.append(')');
          }
          out.append(",\n");
        }
        out.append(indent).append("}\n");
      }
      case ValueType.EnumType t -> {
        open("enum", name, indent);
        t.names().forEach(n -> out.append(inner).append(n).append(",\n"));
        out.append(indent).append("}\n");
      }
      case ValueType.FlagsType t -> {
        open("flags", name, indent);
        t.names().forEach(n -> out.append(inner).append(n).append(",\n"));
        out.append(indent).append("}\n");
      }
      default -> {
        out.append(indent).append("type ").append(name).append(" = ");
        type(type);
        out.append(";\n");
      }
    }
  }

  private void open(String what, String name, String indent) {
    out.append(indent).append(what).append(' ').append(name).append(" {\n");
  }

  private void type(ValueType type) {
    String name = names.get(type);
    if (name != null) {
      out.append(name);
      return;
    }
    switch (type) {
      case ValueType.Primitive p -> out.append(p.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      case ValueType.ListType t -> of("list", t.element());
      case ValueType.FixedListType t -> {
        out.append("list<");
        type(t.element());
        out.append(", ").append(t.length()).append('>');
      }
      case ValueType.OptionType t -> of("option", t.some());
      case ValueType.TupleType t -> {
        out.append("tuple<");
        list(t.elements());
        out.append('>');
      }
      case ValueType.ResultType t -> result(t);
      case ValueType.OwnType t -> out.append(resourceName(t.resource()));
      case ValueType.BorrowType t ->
          out.append("borrow<").append(resourceName(t.resource())).append('>');
      case ValueType.RecordType t -> {
        out.append("record { ");
        String separator = "";
        for (ValueType.Field field : t.fields()) {
          out.append(separator).append(field.name()).append(": ");
          type(field.type());
          separator = ", ";
        }
        out.append(" }");
      }
      case ValueType.VariantType t -> {
        out.append("variant { ");
        String separator = "";
        for (ValueType.Case c : t.cases()) {
          out.append(separator).append(c.name());
          ValueType payload = c.payload();
          if (payload != null) {
            out.append('(');
            type(payload);
            out.append(')');
          }
          separator = ", ";
        }
        out.append(" }");
      }
      case ValueType.EnumType t ->
          out.append("enum { ").append(String.join(", ", t.names())).append(" }");
      case ValueType.FlagsType t ->
          out.append("flags { ").append(String.join(", ", t.names())).append(" }");
      case ValueType.StreamType t -> async("stream", t.element());
      case ValueType.FutureType t -> async("future", t.element());
    }
  }

  private void async(String what, @org.jspecify.annotations.Nullable ValueType element) {
    if (element == null) {
      out.append(what);
    } else {
      of(what, element);
    }
  }

  private void of(String what, ValueType element) {
    out.append(what).append('<');
    type(element);
    out.append('>');
  }

  private void list(Iterable<ValueType> types) {
    String separator = "";
    for (ValueType type : types) {
      out.append(separator);
      type(type);
      separator = ", ";
    }
  }

  private void result(ValueType.ResultType t) {
    out.append("result");
    ValueType ok = t.ok();
    ValueType err = t.err();
    if (ok == null && err == null) {
      return;
    }
    out.append('<');
    if (ok == null) {
      out.append('_');
    } else {
      type(ok);
    }
    if (err != null) {
      out.append(", ");
      type(err);
    }
    out.append('>');
  }

  private String resourceName(ResourceType type) {
    String name = names.get(type);
    return name == null ? type.name() : name;
  }
}
