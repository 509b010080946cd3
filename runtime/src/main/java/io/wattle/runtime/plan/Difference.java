package io.wattle.runtime.plan;

import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The first difference between two types, in words; null when there is none. */
final class Difference {
  private Difference() {}

  static @Nullable String between(FunctionType given, FunctionType wanted) {
    if (given.equals(wanted)) {
      return null;
    }
    if (given.async() != wanted.async()) {
      return got(given.async() ? "an async function" : "a sync function", "the other");
    }
    int count = wanted.parameters().size();
    if (given.parameters().size() != count) {
      return got(given.parameters().size() + " parameters", "" + count);
    }
    for (int i = 0; i < count; i++) {
      FunctionType.Parameter g = given.parameters().get(i);
      FunctionType.Parameter w = wanted.parameters().get(i);
      if (!g.name().equals(w.name())) {
        return got("parameter `" + g.name() + "`", "`" + w.name() + "`");
      }
      if (!g.type().equals(w.type())) {
        return "parameter `" + g.name() + "`: " + between(g.type(), w.type());
      }
    }
    return "result: " + between(given.result(), wanted.result());
  }

  static @Nullable String between(@Nullable ValueType given, @Nullable ValueType wanted) {
    if (given == null || wanted == null) {
      return given == wanted ? null : got(kind(given), kind(wanted));
    }
    if (given.equals(wanted)) {
      return null;
    }
    return switch (wanted) {
      case ValueType.RecordType w when given instanceof ValueType.RecordType g ->
          parts(
              "fields",
              g.fields().stream().map(f -> new Part("field", f.name(), f.type())).toList(),
              w.fields().stream().map(f -> new Part("field", f.name(), f.type())).toList());
      case ValueType.VariantType w when given instanceof ValueType.VariantType g ->
          parts(
              "cases",
              g.cases().stream().map(c -> new Part("case", c.name(), c.payload())).toList(),
              w.cases().stream().map(c -> new Part("case", c.name(), c.payload())).toList());
      case ValueType.TupleType w when given instanceof ValueType.TupleType g ->
          parts(
              "elements",
              g.elements().stream().map(e -> new Part("element", "", e)).toList(),
              w.elements().stream().map(e -> new Part("element", "", e)).toList());
      case ValueType.EnumType w when given instanceof ValueType.EnumType g ->
          got("enum " + g.names(), w.names().toString());
      case ValueType.FlagsType w when given instanceof ValueType.FlagsType g ->
          got("flags " + g.names(), w.names().toString());
      case ValueType.ListType w when given instanceof ValueType.ListType g && g.map() == w.map() ->
          "element: " + between(g.element(), w.element());
      case ValueType.FixedListType w when given instanceof ValueType.FixedListType g ->
          g.length() == w.length()
              ? "element: " + between(g.element(), w.element())
              : got("a list of " + g.length(), "" + w.length());
      case ValueType.OptionType w when given instanceof ValueType.OptionType g ->
          "some: " + between(g.some(), w.some());
      case ValueType.ResultType w when given instanceof ValueType.ResultType g -> {
        String ok = between(g.ok(), w.ok());
        yield ok == null ? "err: " + between(g.err(), w.err()) : "ok: " + ok;
      }
      case ValueType.OwnType w when given instanceof ValueType.OwnType g ->
          resources(g.resource(), w.resource());
      case ValueType.BorrowType w when given instanceof ValueType.BorrowType g ->
          resources(g.resource(), w.resource());
      case ValueType.StreamType w when given instanceof ValueType.StreamType g ->
          "element: " + between(g.element(), w.element());
      case ValueType.FutureType w when given instanceof ValueType.FutureType g ->
          "value: " + between(g.element(), w.element());
      default -> got(kind(given), kind(wanted));
    };
  }

  static String resources(ResourceType given, ResourceType wanted) {
    return "resource types are not the same: " + got(given.name(), wanted.name());
  }

  private record Part(String what, String name, @Nullable ValueType type) {
    String show() {
      return name.isEmpty() ? what : what + " `" + name + "`";
    }
  }

  private static String parts(String what, List<Part> given, List<Part> wanted) {
    if (given.size() != wanted.size()) {
      return got(given.size() + " " + what, "" + wanted.size());
    }
    for (int i = 0; i < given.size(); i++) {
      Part g = given.get(i);
      Part w = wanted.get(i);
      if (!g.name().equals(w.name())) {
        return got(g.show(), "`" + w.name() + "`");
      }
      String inside = between(g.type(), w.type());
      if (inside != null) {
        return (g.name().isEmpty() ? g.show() + " " + i : g.show()) + ": " + inside;
      }
    }
    return "another type";
  }

  private static String got(String given, String wanted) {
    return "got " + given + " (expected: " + wanted + ")";
  }

  private static String kind(@Nullable ValueType type) {
    return switch (type) {
      case null -> "nothing";
      case ValueType.Primitive t -> t.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case ValueType.ListType t -> t.map() ? "a map" : "a list";
      case ValueType.FixedListType t -> "a list of fixed length";
      case ValueType.RecordType t -> "a record";
      case ValueType.TupleType t -> "a tuple";
      case ValueType.VariantType t -> "a variant";
      case ValueType.EnumType t -> "an enum";
      case ValueType.FlagsType t -> "flags";
      case ValueType.OptionType t -> "an option";
      case ValueType.ResultType t -> "a result";
      case ValueType.OwnType t -> "own";
      case ValueType.BorrowType t -> "borrow";
      case ValueType.StreamType t -> "a stream";
      case ValueType.FutureType t -> "a future";
    };
  }
}
