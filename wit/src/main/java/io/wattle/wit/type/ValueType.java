package io.wattle.wit.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A WIT value type (component-model Explainer, {@code valtype}). Types are compared structurally,
 * resources by identity.
 */
public sealed interface ValueType {

  /** The types without parts. */
  enum Primitive implements ValueType {
    BOOL,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    CHAR,
    STRING,
    ERROR_CONTEXT
  }

  /**
   * A list of any length.
   *
   * @param map whether it is called a map: then its elements are pairs of a key and a value, and it
   *     is a type of its own that moves like a list of such pairs
   */
  record ListType(ValueType element, boolean map) implements ValueType {
    public ListType(ValueType element) {
      this(element, false);
    }

    /** A map, which may have a key more than once. */
    public static ListType map(Primitive key, ValueType value) {
      return new ListType(new TupleType(List.of(key, value)), true);
    }
  }

  /** A list whose length is part of the type. */
  record FixedListType(ValueType element, int length) implements ValueType {}

  /** Named fields in order. */
  record RecordType(List<Field> fields) implements ValueType {
    public RecordType {
      fields = List.copyOf(fields);
    }
  }

  /** A field of a record. */
  record Field(String name, ValueType type) {}

  /** Unnamed fields in order. */
  record TupleType(List<ValueType> elements) implements ValueType {
    public TupleType {
      elements = List.copyOf(elements);
    }
  }

  /** One of several cases, each with or without a payload. */
  record VariantType(List<Case> cases) implements ValueType {
    public VariantType {
      cases = List.copyOf(cases);
    }
  }

  /** A case of a variant; {@code payload} is null when it carries nothing. */
  record Case(String name, @Nullable ValueType payload) {}

  /** One of several names. */
  record EnumType(List<String> names) implements ValueType {
    public EnumType {
      names = List.copyOf(names);
    }
  }

  /** A set of names, at most 32 by the specification, more on the wire of older peers. */
  record FlagsType(List<String> names) implements ValueType {
    public FlagsType {
      names = List.copyOf(names);
    }
  }

  /** A value or nothing. */
  record OptionType(ValueType some) implements ValueType {}

  /** Success or failure, each with or without a payload. */
  record ResultType(@Nullable ValueType ok, @Nullable ValueType err) implements ValueType {}

  /** An owned handle. */
  record OwnType(ResourceType resource) implements ValueType {}

  /** A handle lent for the duration of a call. */
  record BorrowType(ResourceType resource) implements ValueType {}

  /** A stream of elements; null for {@code stream} without element type. WASI 0.3. */
  record StreamType(@Nullable ValueType element) implements ValueType {}

  /** A value to come; null for {@code future} without type. WASI 0.3. */
  record FutureType(@Nullable ValueType element) implements ValueType {}
}
