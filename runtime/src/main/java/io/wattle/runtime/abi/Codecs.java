package io.wattle.runtime.abi;

import io.wattle.runtime.binary.CanonOptions.Encoding;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Makes codecs, one for each type and string encoding. Not thread-safe. */
public final class Codecs {
  private final Map<Encoding, IdentityHashMap<ValueType, Codec>> byType =
      new EnumMap<>(Encoding.class);
  private final ToIntFunction<ResourceType> definedBy;

  /**
   * Makes a factory.
   *
   * @param definedBy the component instance that defines a resource, -1 for the host
   */
  public Codecs(ToIntFunction<ResourceType> definedBy) {
    this.definedBy = definedBy;
  }

  /** The codec of a function's parameters and result. */
  public FunctionCodec function(FunctionType type, Encoding encoding) {
    RecordCodec parameters =
        new RecordCodec(type.parameters().stream().map(p -> of(p.type(), encoding)).toList());
    ValueType result = type.result();
    return new FunctionCodec(parameters, result == null ? null : of(result, encoding));
  }

  /** The codec of what a stream or future carries. */
  public Codec element(ValueType type, Encoding encoding) {
    return of(type, encoding);
  }

  private Codec of(ValueType type, Encoding encoding) {
    IdentityHashMap<ValueType, Codec> known =
        byType.computeIfAbsent(encoding, e -> new IdentityHashMap<>());
    Codec codec = known.get(type);
    if (codec == null) {
      codec = make(type, encoding);
      known.put(type, codec);
    }
    return codec;
  }

  private @Nullable Codec optional(@Nullable ValueType type, Encoding encoding) {
    return type == null ? null : of(type, encoding);
  }

  private Codec make(ValueType type, Encoding encoding) {
    return switch (type) {
      case ValueType.Primitive p when p == ValueType.Primitive.STRING -> new StringCodec(encoding);
      case ValueType.Primitive p when p == ValueType.Primitive.ERROR_CONTEXT ->
          new ErrorContextCodec();
      case ValueType.Primitive p -> new PrimitiveCodec(p);
      case ValueType.ListType t ->
          new ListCodec(of(t.element(), encoding), t.element() == ValueType.Primitive.U8);
      case ValueType.FixedListType t -> new FixedListCodec(of(t.element(), encoding), t.length());
      case ValueType.RecordType t ->
          new RecordCodec(t.fields().stream().map(f -> of(f.type(), encoding)).toList());
      case ValueType.TupleType t ->
          new RecordCodec(t.elements().stream().map(e -> of(e, encoding)).toList());
      case ValueType.VariantType t -> {
        List<@Nullable Codec> cases = new ArrayList<>();
        t.cases().forEach(c -> cases.add(optional(c.payload(), encoding)));
        yield new VariantCodec(VariantCodec.Form.VARIANT, cases);
      }
      case ValueType.EnumType t -> {
        List<@Nullable Codec> cases = new ArrayList<>();
        t.names().forEach(n -> cases.add(null));
        yield new VariantCodec(VariantCodec.Form.VARIANT, cases);
      }
      case ValueType.OptionType t -> {
        List<@Nullable Codec> cases = new ArrayList<>();
        cases.add(null);
        cases.add(of(t.some(), encoding));
        yield new VariantCodec(VariantCodec.Form.OPTION, cases);
      }
      case ValueType.ResultType t -> {
        List<@Nullable Codec> cases = new ArrayList<>();
        cases.add(optional(t.ok(), encoding));
        cases.add(optional(t.err(), encoding));
        yield new VariantCodec(VariantCodec.Form.RESULT, cases);
      }
      case ValueType.FlagsType t -> new FlagsCodec(t.names().size());
      case ValueType.OwnType t ->
          new HandleCodec(t.resource(), true, definedBy.applyAsInt(t.resource()));
      case ValueType.BorrowType t ->
          new HandleCodec(t.resource(), false, definedBy.applyAsInt(t.resource()));
      case ValueType.StreamType t -> new AsyncCodec(t);
      case ValueType.FutureType t -> new AsyncCodec(t);
    };
  }
}
