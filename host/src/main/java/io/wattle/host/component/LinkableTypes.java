package io.wattle.host.component;

import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which types can cross a link: all but resources, streams, futures and error contexts. */
final class LinkableTypes {
  private LinkableTypes() {}

  static boolean isLinkable(FunctionType type) {
    return !type.async()
        && type.parameters().stream().allMatch(parameter -> isLinkable(parameter.type()))
        && isLinkable(type.result());
  }

  private static boolean isLinkable(@Nullable ValueType type) {
    return switch (type) {
      case null -> true;
      case ValueType.Primitive primitive -> primitive != ValueType.Primitive.ERROR_CONTEXT;
      case ValueType.ListType list -> isLinkable(list.element());
      case ValueType.FixedListType list -> isLinkable(list.element());
      case ValueType.RecordType record ->
          record.fields().stream().allMatch(field -> isLinkable(field.type()));
      case ValueType.TupleType tuple ->
          tuple.elements().stream().allMatch(LinkableTypes::isLinkable);
      case ValueType.VariantType variant -> payloads(variant).allMatch(LinkableTypes::isLinkable);
      case ValueType.EnumType names -> true;
      case ValueType.FlagsType names -> true;
      case ValueType.OptionType option -> isLinkable(option.some());
      case ValueType.ResultType result -> isLinkable(result.ok()) && isLinkable(result.err());
      case ValueType.OwnType own -> false;
      case ValueType.BorrowType borrow -> false;
      case ValueType.StreamType stream -> false;
      case ValueType.FutureType future -> false;
    };
  }

  private static Stream<ValueType> payloads(ValueType.VariantType variant) {
    return variant.cases().stream().map(ValueType.Case::payload).filter(Objects::nonNull);
  }
}
