package io.wattle.runtime.abi;

import io.wattle.runtime.binary.CanonOptions.Encoding;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ResourceType;
import io.wattle.wit.type.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Makes codecs, one for each type and layout. Not thread-safe. */
public final class Codecs {
  private final Map<Layout, IdentityHashMap<ValueType, Codec>> byType = new HashMap<>();
  private final ToIntFunction<ResourceType> definedBy;

  /**
   * Makes a factory.
   *
   * @param definedBy the component instance that defines a resource, -1 for the host
   */
  public Codecs(ToIntFunction<ResourceType> definedBy) {
    this.definedBy = definedBy;
  }

  /** What a guest says of its memory. */
  public record Layout(Encoding encoding, PointerType pointer) {}

  /** The codec of a function's parameters and result. */
  public FunctionCodec function(FunctionType type, Layout layout) {
    RecordCodec parameters =
        new RecordCodec(type.parameters().stream().map(p -> of(p.type(), layout)).toList());
    ValueType result = type.result();
    return new FunctionCodec(
        parameters, result == null ? null : of(result, layout), layout.pointer());
  }

  /** The codec of what a stream or future carries. */
  public Codec element(ValueType type, Layout layout) {
    return of(type, layout);
  }

  private Codec of(ValueType type, Layout layout) {
    IdentityHashMap<ValueType, Codec> known =
        byType.computeIfAbsent(layout, e -> new IdentityHashMap<>());
    Codec codec = known.get(type);
    if (codec == null) {
      codec = make(type, layout);
      known.put(type, codec);
    }
    return codec;
  }

  private @Nullable Codec optional(@Nullable ValueType type, Layout layout) {
    return type == null ? null : of(type, layout);
  }

  private Codec make(ValueType type, Layout layout) {
    return switch (type) {
      case ValueType.Primitive p when p == ValueType.Primitive.STRING ->
          new StringCodec(layout.encoding(), layout.pointer());
      case ValueType.Primitive p when p == ValueType.Primitive.ERROR_CONTEXT ->
          new ErrorContextCodec();
      case ValueType.Primitive p -> new PrimitiveCodec(p);
      case ValueType.ListType t ->
          new ListCodec(
              of(t.element(), layout), t.element() == ValueType.Primitive.U8, layout.pointer());
      case ValueType.FixedListType t -> new FixedListCodec(of(t.element(), layout), t.length());
      case ValueType.RecordType t ->
          new RecordCodec(t.fields().stream().map(f -> of(f.type(), layout)).toList());
      case ValueType.TupleType t ->
          new RecordCodec(t.elements().stream().map(e -> of(e, layout)).toList());
      case ValueType.VariantType t -> {
        List<@Nullable Codec> cases = new ArrayList<>();
        t.cases().forEach(c -> cases.add(optional(c.payload(), layout)));
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
        cases.add(of(t.some(), layout));
        yield new VariantCodec(VariantCodec.Form.OPTION, cases);
      }
      case ValueType.ResultType t -> {
        List<@Nullable Codec> cases = new ArrayList<>();
        cases.add(optional(t.ok(), layout));
        cases.add(optional(t.err(), layout));
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
