package io.wattle.wit.text;

import io.wattle.wit.type.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of value types: equal types have one number. Every object is looked at once, so that
 * types that name others again and again take no longer than they are written.
 */
final class TypeIds {
  private final IdentityHashMap<ValueType, Integer> known = new IdentityHashMap<>();
  private final Map<List<Object>, Integer> ids = new HashMap<>();

  /** The number of a type; 0 for none. */
  int of(@Nullable ValueType type) {
    if (type == null) {
      return 0;
    }
    Integer seen = known.get(type);
    if (seen == null) {
      seen = ids.computeIfAbsent(shape(type), shape -> ids.size() + 1);
      known.put(type, seen);
    }
    return seen;
  }

  private List<Object> shape(ValueType type) {
    List<Object> shape = new ArrayList<>();
    shape.add(type.getClass());
    switch (type) {
      case ValueType.Primitive t -> shape.add(t);
      case ValueType.ListType t -> shape.addAll(Arrays.asList(of(t.element()), t.map()));
      case ValueType.FixedListType t -> shape.addAll(Arrays.asList(of(t.element()), t.length()));
      case ValueType.RecordType t ->
          t.fields().forEach(f -> shape.addAll(Arrays.asList(f.name(), of(f.type()))));
      case ValueType.TupleType t -> t.elements().forEach(element -> shape.add(of(element)));
      case ValueType.VariantType t ->
          t.cases().forEach(c -> shape.addAll(Arrays.asList(c.name(), of(c.payload()))));
      case ValueType.EnumType t -> shape.addAll(t.names());
      case ValueType.FlagsType t -> shape.addAll(t.names());
      case ValueType.OptionType t -> shape.add(of(t.some()));
      case ValueType.ResultType t -> shape.addAll(Arrays.asList(of(t.ok()), of(t.err())));
      case ValueType.OwnType t -> shape.add(t.resource());
      case ValueType.BorrowType t -> shape.add(t.resource());
      case ValueType.StreamType t -> shape.add(of(t.element()));
      case ValueType.FutureType t -> shape.add(of(t.element()));
    }
    return shape;
  }
}
