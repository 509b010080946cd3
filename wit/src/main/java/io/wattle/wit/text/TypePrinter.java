package io.wattle.wit.text;

import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints types, by the names that they have where they are printed. */
final class TypePrinter {
  private final StringBuilder out;

  /** Those of the interface that is being printed; types without one are spelt out. */
  private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();

  /** The same by what the types are made of, where another object means the same. */
  private final Map<Integer, String> equal = new HashMap<>();

  private final TypeIds ids;

  TypePrinter(StringBuilder out, TypeIds ids) {
    this.out = out;
    this.ids = ids;
  }

  /** Begins another interface. */
  void forget() {
    names.clear();
    equal.clear();
  }

  /** From now on a type has this name, unless it has another. */
  void name(Object type, String name) {
    names.putIfAbsent(type, name);
    if (type instanceof ValueType value) {
      equal.putIfAbsent(ids.of(value), name);
    }
  }

  /** The name that a type has here. */
  @Nullable String nameOf(Object type) {
    return names.get(type);
  }

  void function(FunctionType type, int skip) {
    out.append(type.async() ? "async func" : "func");
    parameters(type, skip);
    ValueType result = type.result();
    if (result != null) {
      out.append(" -> ");
      type(result);
    }
  }

  void parameters(FunctionType type, int skip) {
    out.append('(');
    String separator = "";
    for (FunctionType.Parameter p : type.parameters().subList(skip, type.parameters().size())) {
      out.append(separator).append(Ids.of(p.name())).append(": ");
      type(p.type());
      separator = ", ";
    }
    out.append(')');
  }

  /** The definition of a named type. */
  void definition(String name, ValueType type, String indent) {
    String inner = indent + "  ";
    switch (type) {
      case ValueType.RecordType t -> {
        open("record", name, indent);
        for (ValueType.Field field : t.fields()) {
          out.append(inner).append(Ids.of(field.name())).append(": ");
          type(field.type());
          out.append(",\n");
        }
        out.append(indent).append("}\n");
      }
      case ValueType.VariantType t -> {
        open("variant", name, indent);
        for (ValueType.Case c : t.cases()) {
          out.append(inner).append(Ids.of(c.name()));
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
        t.names().forEach(n -> out.append(inner).append(Ids.of(n)).append(",\n"));
        out.append(indent).append("}\n");
      }
      case ValueType.FlagsType t -> {
        open("flags", name, indent);
        t.names().forEach(n -> out.append(inner).append(Ids.of(n)).append(",\n"));
        out.append(indent).append("}\n");
      }
      default -> {
        out.append(indent).append("type ").append(Ids.of(name)).append(" = ");
        shape(type);
        out.append(";\n");
      }
    }
  }

  void open(String what, String name, String indent) {
    out.append(indent).append(what).append(' ').append(Ids.of(name)).append(" {\n");
  }

  void type(ValueType type) {
    String name = names.get(type);
    if (name == null && isNominal(type)) {
      name = equal.get(ids.of(type));
    }
    if (name != null) {
      out.append(Ids.of(name));
      return;
    }
    shape(type);
  }

  /** What WIT has no expression for, only a name. */
  private static boolean isNominal(ValueType type) {
    return type instanceof ValueType.RecordType
        || type instanceof ValueType.VariantType
        || type instanceof ValueType.EnumType
        || type instanceof ValueType.FlagsType;
  }

  private void shape(ValueType type) {
    switch (type) {
      case ValueType.Primitive p -> out.append(p.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      case ValueType.ListType t when t.map() && t.element() instanceof ValueType.TupleType pair -> {
        out.append("map<");
        list(pair.elements());
        out.append('>');
      }
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

  void async(String what, @Nullable ValueType element) {
    if (element == null) {
      out.append(what);
    } else {
      of(what, element);
    }
  }

  void of(String what, ValueType element) {
    out.append(what).append('<');
    type(element);
    out.append('>');
  }

  void list(Iterable<ValueType> types) {
    String separator = "";
    for (ValueType type : types) {
      out.append(separator);
      type(type);
      separator = ", ";
    }
  }

  void result(ValueType.ResultType t) {
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
    return Ids.of(name == null ? type.name() : name);
  }
}
