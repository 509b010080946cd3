package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.Sort;
import io.wattle.runtime.binary.TypeAst;
import io.wattle.runtime.binary.TypeRef;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.type.ValueType.Primitive;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Resolves value and function types, with bounds on their depth and size. */
final class Types {
  private static final int MAX_DEPTH = 100;
  private static final long MAX_NODES = 100_000;
  private static final long MAX_BYTES = 1L << 28;

  /** What is known of a type; {@code bytes} is its size in memory with 64-bit pointers. */
  private record Facts(
      int depth,
      long nodes,
      long bytes,
      int align,
      boolean borrows,
      boolean resources,
      boolean async) {}

  private final IdentityHashMap<ValueType, Facts> facts = new IdentityHashMap<>();

  /** The index that a handle type names, for what has a name outside. */
  private final IdentityHashMap<ValueType, Item.ResourceItem> handles = new IdentityHashMap<>();

  /** The resource that a handle type names. */
  Item.ResourceItem resourceOf(ValueType handle) {
    return Objects.requireNonNull(handles.get(handle), "handle types are made here");
  }

  /** The same type under another index: a type that needs a name outside becomes another object. */
  ValueType rename(ValueType type) {
    ValueType renamed =
        switch (type) {
          case ValueType.RecordType t -> new ValueType.RecordType(t.fields());
          case ValueType.VariantType t -> new ValueType.VariantType(t.cases());
          case ValueType.EnumType t -> new ValueType.EnumType(t.names());
          case ValueType.FlagsType t -> new ValueType.FlagsType(t.names());
          default -> type;
        };
    if (renamed != type) {
      facts.put(renamed, of(type));
    }
    return renamed;
  }

  ValueType resolve(Definition where, TypeRef ref, Scope scope) throws InvalidComponentException {
    return switch (ref) {
      case TypeRef.Prim p -> p.type();
      case TypeRef.Index i -> {
        Item.Type item = type(where, i.type(), scope);
        if (!(item instanceof Item.ValueItem value)) {
          throw Invalid.at(where, "type index " + i.type() + " is not a defined type");
        }
        yield value.type();
      }
    };
  }

  private @Nullable ValueType optional(Definition where, @Nullable TypeRef ref, Scope scope)
      throws InvalidComponentException {
    return ref == null ? null : resolve(where, ref, scope);
  }

  static Item.Type type(Definition where, int index, Scope scope) throws InvalidComponentException {
    if (scope.get(Sort.TYPE, index) instanceof Item.Type type) {
      return type;
    }
    throw Invalid.at(
        where,
        "unknown type "
            + index
            + ": type index out of bounds (expected: less than "
            + scope.size(Sort.TYPE)
            + ")");
  }

  static ResourceType resource(Definition where, int index, Scope scope)
      throws InvalidComponentException {
    return resourceItem(where, index, scope).type();
  }

  private static Item.ResourceItem resourceItem(Definition where, int index, Scope scope)
      throws InvalidComponentException {
    if (type(where, index, scope) instanceof Item.ResourceItem resource) {
      return resource;
    }
    throw Invalid.at(where, "type index " + index + " is not a resource type");
  }

  FunctionType function(Definition where, TypeAst.FuncAst ast, Scope scope)
      throws InvalidComponentException {
    Names.labels(where, ast.parameters(), TypeAst.Labelled::label, "function parameter");
    List<FunctionType.Parameter> parameters = new ArrayList<>();
    for (TypeAst.Labelled p : ast.parameters()) {
      parameters.add(new FunctionType.Parameter(p.label(), labelled(where, p, scope)));
    }
    ValueType result = optional(where, ast.result(), scope);
    if (result != null && of(result).borrows) {
      throw Invalid.at(where, "function result cannot contain a `borrow` type");
    }
    return new FunctionType(parameters, result, ast.async());
  }

  private ValueType labelled(Definition where, TypeAst.Labelled part, Scope scope)
      throws InvalidComponentException {
    TypeRef ref = part.type();
    if (ref == null) {
      throw Invalid.at(where, "`" + part.label() + "` has no type");
    }
    return resolve(where, ref, scope);
  }

  /** A value type definition; null when the definition is of another kind. */
  @Nullable ValueType value(Definition where, TypeAst ast, Scope scope)
      throws InvalidComponentException {
    @Nullable ValueType type =
        switch (ast) {
          case TypeAst.Alias a -> resolve(where, a.type(), scope);
          case TypeAst.RecordAst a -> {
            notEmpty(where, a.fields(), "record type must have at least one field");
            Names.labels(where, a.fields(), TypeAst.Labelled::label, "record field");
            List<ValueType.Field> fields = new ArrayList<>();
            for (TypeAst.Labelled f : a.fields()) {
              fields.add(new ValueType.Field(f.label(), labelled(where, f, scope)));
            }
            yield new ValueType.RecordType(fields);
          }
          case TypeAst.VariantAst a -> {
            notEmpty(where, a.cases(), "variant type must have at least one case");
            Names.labels(where, a.cases(), TypeAst.Labelled::label, "variant case");
            List<ValueType.Case> cases = new ArrayList<>();
            for (TypeAst.Labelled c : a.cases()) {
              cases.add(new ValueType.Case(c.label(), optional(where, c.type(), scope)));
            }
            yield new ValueType.VariantType(cases);
          }
          case TypeAst.ListAst a -> new ValueType.ListType(resolve(where, a.element(), scope));
          case TypeAst.FixedListAst a -> {
            if (a.length() == 0) {
              throw Invalid.at(where, "fixed-length lists must have more than zero elements");
            }
            yield new ValueType.FixedListType(resolve(where, a.element(), scope), a.length());
          }
          case TypeAst.TupleAst a -> {
            notEmpty(where, a.elements(), "tuple type must have at least one type");
            List<ValueType> elements = new ArrayList<>();
            for (TypeRef e : a.elements()) {
              elements.add(resolve(where, e, scope));
            }
            yield new ValueType.TupleType(elements);
          }
          case TypeAst.FlagsAst a -> {
            notEmpty(where, a.labels(), "flags must have at least one entry");
            if (a.labels().size() > 32) {
              throw Invalid.at(
                  where, "cannot have more than 32 flags (got: " + a.labels().size() + ")");
            }
            Names.labels(where, a.labels(), l -> l, "flag");
            yield new ValueType.FlagsType(a.labels());
          }
          case TypeAst.EnumAst a -> {
            notEmpty(where, a.labels(), "enum type must have at least one variant");
            Names.labels(where, a.labels(), l -> l, "enum tag");
            yield new ValueType.EnumType(a.labels());
          }
          case TypeAst.OptionAst a -> new ValueType.OptionType(resolve(where, a.some(), scope));
          case TypeAst.ResultAst a ->
              new ValueType.ResultType(
                  optional(where, a.ok(), scope), optional(where, a.err(), scope));
          case TypeAst.MapAst a -> {
            if (!(resolve(where, a.key(), scope) instanceof Primitive key) || !isKey(key)) {
              throw Invalid.at(
                  where, "invalid map key type (expected: an integer, bool, char or string)");
            }
            ValueType.ListType map = ValueType.ListType.map(key, resolve(where, a.value(), scope));
            measure(where, map.element(), Long.MAX_VALUE);
            yield map;
          }
          case TypeAst.OwnAst a -> {
            Item.ResourceItem resource = resourceItem(where, a.resource(), scope);
            ValueType own = new ValueType.OwnType(resource.type());
            handles.put(own, resource);
            yield own;
          }
          case TypeAst.BorrowAst a -> {
            Item.ResourceItem resource = resourceItem(where, a.resource(), scope);
            ValueType borrow = new ValueType.BorrowType(resource.type());
            handles.put(borrow, resource);
            yield borrow;
          }
          case TypeAst.StreamAst a -> {
            ValueType element = optional(where, a.element(), scope);
            if (element == Primitive.CHAR) {
              throw Invalid.at(where, "`stream<char>` is not valid at this time");
            }
            refuseBorrows(where, element, "stream");
            yield new ValueType.StreamType(element);
          }
          case TypeAst.FutureAst a -> {
            ValueType element = optional(where, a.element(), scope);
            refuseBorrows(where, element, "future");
            yield new ValueType.FutureType(element);
          }
          case TypeAst.FuncAst a -> null;
          case TypeAst.ResourceAst a -> null;
          case TypeAst.ComponentAst a -> null;
          case TypeAst.InstanceAst a -> null;
        };
    if (type != null) {
      measure(where, type, MAX_BYTES);
    }
    return type;
  }

  private static boolean isKey(Primitive type) {
    return switch (type) {
      case BOOL, S8, U8, S16, U16, S32, U32, S64, U64, CHAR, STRING -> true;
      case F32, F64, ERROR_CONTEXT -> false;
    };
  }

  private void refuseBorrows(Definition where, @Nullable ValueType element, String what)
      throws InvalidComponentException {
    if (element != null && of(element).borrows) {
      throw Invalid.at(where, "a `" + what + "` cannot contain a `borrow` type");
    }
  }

  private static void notEmpty(Definition where, List<?> parts, String rule)
      throws InvalidComponentException {
    if (parts.isEmpty()) {
      throw Invalid.at(where, rule);
    }
  }

  /** Whether values of this type hold handles. */
  boolean hasResources(ValueType type) {
    return of(type).resources;
  }

  /** Whether values of this type hold borrowed handles. */
  boolean hasBorrows(ValueType type) {
    return of(type).borrows;
  }

  /** Whether a function of this type takes or gives streams, futures or error contexts. */
  boolean hasAsync(FunctionType type) {
    ValueType result = type.result();
    return type.parameters().stream().anyMatch(p -> of(p.type()).async)
        || (result != null && of(result).async);
  }

  /** Whether a function of this type takes or gives handles. */
  boolean hasResources(FunctionType type) {
    ValueType result = type.result();
    return type.parameters().stream().anyMatch(p -> hasResources(p.type()))
        || (result != null && hasResources(result));
  }

  /** What comparing a type costs, counted in definitions. */
  long cost(ValueType type) {
    return of(type).nodes / 16;
  }

  /** What comparing a function type costs, counted in definitions. */
  long cost(FunctionType type) {
    long cost = type.parameters().size() / 4L;
    cost += type.parameters().stream().mapToLong(p -> cost(p.type())).sum();
    ValueType result = type.result();
    return result == null ? cost : cost + cost(result);
  }

  private Facts of(ValueType type) {
    if (type instanceof Primitive p) {
      int bytes =
          switch (p) {
            case BOOL, S8, U8 -> 1;
            case S16, U16 -> 2;
            case S32, U32, F32, CHAR, ERROR_CONTEXT -> 4;
            case S64, U64, F64 -> 8;
            case STRING -> 16;
          };
      return new Facts(1, 1, bytes, Math.min(bytes, 8), false, false, p == Primitive.ERROR_CONTEXT);
    }
    Facts known = facts.get(type);
    if (known == null) {
      throw new AssertionError("a type that was never measured: " + type);
    }
    return known;
  }

  private void measure(Definition where, ValueType type, long maxBytes)
      throws InvalidComponentException {
    if (type instanceof Primitive || facts.containsKey(type)) {
      return;
    }
    Facts made =
        switch (type) {
          case Primitive p -> of(p);
          case ValueType.ListType t -> pointer(of(t.element()));
          case ValueType.FixedListType t -> {
            Facts e = of(t.element());
            yield new Facts(
                e.depth + 1,
                e.nodes + 1,
                e.bytes * t.length(),
                e.align,
                e.borrows,
                e.resources,
                e.async);
          }
          case ValueType.RecordType t ->
              product(t.fields().stream().map(f -> of(f.type())).toList());
          case ValueType.TupleType t -> product(t.elements().stream().map(this::of).toList());
          case ValueType.VariantType t ->
              sum(
                  t.cases().size(),
                  t.cases().stream()
                      .map(ValueType.Case::payload)
                      .filter(p -> p != null)
                      .map(this::of)
                      .toList());
          case ValueType.EnumType t -> sum(t.names().size(), List.of());
          case ValueType.OptionType t -> sum(2, List.of(of(t.some())));
          case ValueType.ResultType t -> {
            List<Facts> sides = new ArrayList<>();
            if (t.ok() != null) {
              sides.add(of(t.ok()));
            }
            if (t.err() != null) {
              sides.add(of(t.err()));
            }
            yield sum(2, sides);
          }
          case ValueType.FlagsType t -> new Facts(1, 1, 4, 4, false, false, false);
          case ValueType.OwnType t -> new Facts(1, 1, 4, 4, false, true, false);
          case ValueType.BorrowType t -> new Facts(1, 1, 4, 4, true, true, false);
          case ValueType.StreamType t -> index(t.element());
          case ValueType.FutureType t -> index(t.element());
        };
    if (made.depth > MAX_DEPTH) {
      throw Invalid.at(where, "type nesting is too deep (expected: at most " + MAX_DEPTH + ")");
    }
    if (made.nodes > MAX_NODES) {
      throw Invalid.at(where, "type is too large (expected: at most " + MAX_NODES + " parts)");
    }
    if (made.bytes >= maxBytes) {
      throw Invalid.at(where, "type exceeds maximum byte size of its values (expected: < 2^28)");
    }
    facts.put(type, made);
  }

  private static Facts pointer(Facts element) {
    return new Facts(
        element.depth + 1,
        element.nodes + 1,
        16,
        8,
        element.borrows,
        element.resources,
        element.async);
  }

  private Facts index(@Nullable ValueType element) {
    Facts e = element == null ? null : of(element);
    return e == null
        ? new Facts(1, 1, 4, 4, false, false, true)
        : new Facts(e.depth + 1, e.nodes + 1, 4, 4, e.borrows, e.resources, true);
  }

  private static Facts product(List<Facts> parts) {
    int depth = 0;
    long nodes = 1;
    long bytes = 0;
    int align = 1;
    boolean borrows = false;
    boolean resources = false;
    boolean async = false;
    for (Facts part : parts) {
      depth = Math.max(depth, part.depth);
      nodes += part.nodes;
      bytes = align(bytes, part.align) + part.bytes;
      align = Math.max(align, part.align);
      borrows |= part.borrows;
      resources |= part.resources;
      async |= part.async;
    }
    return new Facts(depth + 1, nodes, align(bytes, align), align, borrows, resources, async);
  }

  private static Facts sum(int cases, List<Facts> payloads) {
    int tag = cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
    Facts all = product(payloads);
    long largest = payloads.stream().mapToLong(p -> p.bytes).max().orElse(0);
    int align = Math.max(tag, all.align);
    return new Facts(
        all.depth,
        all.nodes,
        align(align(tag, all.align) + largest, align),
        align,
        all.borrows,
        all.resources,
        all.async);
  }

  private static long align(long offset, int align) {
    return (offset + align - 1) & -align;
  }
}
