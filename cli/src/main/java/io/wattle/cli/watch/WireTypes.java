package io.wattle.cli.watch;

import io.wattle.lattice.http.HttpCodec;
import io.wattle.lattice.keyvalue.KeyValueFunctions;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.type.ValueType.Case;
import io.wattle.wit.type.ValueType.EnumType;
import io.wattle.wit.type.ValueType.Field;
import io.wattle.wit.type.ValueType.ListType;
import io.wattle.wit.type.ValueType.OptionType;
import io.wattle.wit.type.ValueType.Primitive;
import io.wattle.wit.type.ValueType.RecordType;
import io.wattle.wit.type.ValueType.ResultType;
import io.wattle.wit.type.ValueType.TupleType;
import io.wattle.wit.type.ValueType.VariantType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The types of the interfaces that stand for WASI's on the wire, which no component file knows
 * (sections 6.7, 6.8 of the lattice reference). A stream or future that is to come is one byte, 0:
 * it is read as the first case of an enum that says so.
 */
final class WireTypes {
  private static final ValueType TEXT = Primitive.STRING;
  private static final ValueType BYTES = new ListType(Primitive.U8);
  private static final ValueType STREAM = new EnumType(List.of("stream"));
  private static final ValueType FUTURE = new EnumType(List.of("future"));

  private static final Map<String, FunctionType> TYPES = types();

  private WireTypes() {}

  /** The type of a function, if it is one of these. */
  static Optional<FunctionType> of(String instance, String function) {
    return Optional.ofNullable(TYPES.get(instance + "#" + function));
  }

  private static Map<String, FunctionType> types() {
    Map<String, FunctionType> types = new HashMap<>();
    keyValue(types);
    http(types);
    return types;
  }

  private static void keyValue(Map<String, FunctionType> types) {
    String store = KeyValueFunctions.STORE + "#";
    ValueType pair = new TupleType(List.of(TEXT, BYTES));
    ValueType keys = new ListType(TEXT);
    ValueType page =
        record(new Field("keys", keys), new Field("cursor", new OptionType(Primitive.U64)));
    types.put(store + "get", stored(new OptionType(BYTES), parameter("key", TEXT)));
    types.put(store + "set", stored(null, parameter("key", TEXT), parameter("value", BYTES)));
    types.put(store + "delete", stored(null, parameter("key", TEXT)));
    types.put(store + "exists", stored(Primitive.BOOL, parameter("key", TEXT)));
    types.put(
        store + "list-keys", stored(page, parameter("cursor", new OptionType(Primitive.U64))));
    types.put(
        KeyValueFunctions.ATOMICS + "#increment",
        stored(Primitive.U64, parameter("key", TEXT), parameter("delta", Primitive.U64)));
    String batch = KeyValueFunctions.BATCH + "#";
    types.put(
        batch + "get-many", stored(new ListType(new OptionType(pair)), parameter("keys", keys)));
    types.put(batch + "set-many", stored(null, parameter("pairs", new ListType(pair))));
    types.put(batch + "delete-many", stored(null, parameter("keys", keys)));
  }

  private static FunctionType stored(@Nullable ValueType ok, FunctionType.Parameter... more) {
    ValueType error =
        new VariantType(
            List.of(
                new Case("no-such-store", null),
                new Case("access-denied", null),
                new Case("other", TEXT)));
    FunctionType.Parameter[] all = new FunctionType.Parameter[more.length + 1];
    all[0] = parameter("bucket", TEXT);
    System.arraycopy(more, 0, all, 1, more.length);
    return new FunctionType(List.of(all), new ResultType(ok, error), false);
  }

  private static void http(Map<String, FunctionType> types) {
    ValueType method =
        new VariantType(
            cases("get head post put delete connect options trace patch", new Case("other", TEXT)));
    ValueType scheme = new VariantType(cases("HTTP HTTPS", new Case("other", TEXT)));
    ValueType fields = new ListType(new TupleType(List.of(TEXT, new ListType(BYTES))));
    ValueType request =
        record(
            new Field("body", STREAM),
            new Field("trailers", FUTURE),
            new Field("method", method),
            new Field("path-with-query", new OptionType(TEXT)),
            new Field("scheme", new OptionType(scheme)),
            new Field("authority", new OptionType(TEXT)),
            new Field("headers", fields));
    ValueType response =
        record(
            new Field("body", STREAM),
            new Field("trailers", FUTURE),
            new Field("status", Primitive.U16),
            new Field("headers", fields));
    ValueType time = new OptionType(Primitive.U64);
    ValueType options =
        record(
            new Field("connect-timeout", time),
            new Field("first-byte-timeout", time),
            new Field("between-bytes-timeout", time));
    ValueType result = new ResultType(response, errorCode());
    types.put(
        HttpCodec.INCOMING + "#" + HttpCodec.HANDLE,
        new FunctionType(List.of(parameter("request", request)), result, false));
    types.put(
        HttpCodec.OUTGOING + "#" + HttpCodec.HANDLE,
        new FunctionType(
            List.of(parameter("request", request), parameter("options", new OptionType(options))),
            result,
            false));
  }

  private static ValueType errorCode() {
    return new VariantType(
        Arrays.stream(HttpError.Code.values())
            .map(code -> new Case(code.wit(), detail(code.detail())))
            .toList());
  }

  private static @Nullable ValueType detail(Class<? extends HttpError.Detail> kind) {
    ValueType maybeText = new OptionType(TEXT);
    ValueType size = new OptionType(Primitive.U32);
    ValueType field = record(new Field("field-name", maybeText), new Field("field-size", size));
    if (kind == HttpError.Dns.class) {
      return record(
          new Field("rcode", maybeText), new Field("info-code", new OptionType(Primitive.U16)));
    } else if (kind == HttpError.TlsAlert.class) {
      return record(
          new Field("alert-id", new OptionType(Primitive.U8)),
          new Field("alert-message", maybeText));
    } else if (kind == HttpError.BodySize.class) {
      return new OptionType(Primitive.U64);
    } else if (kind == HttpError.SectionSize.class) {
      return size;
    } else if (kind == HttpError.FieldSize.class) {
      return field;
    } else if (kind == HttpError.MaybeFieldSize.class) {
      return new OptionType(field);
    } else if (kind == HttpError.Text.class) {
      return maybeText;
    }
    return null;
  }

  private static List<Case> cases(String names, Case last) {
    List<Case> cases = new java.util.ArrayList<>();
    for (String name : names.split(" ")) {
      cases.add(new Case(name, null));
    }
    cases.add(last);
    return cases;
  }

  private static ValueType record(Field... fields) {
    return new RecordType(List.of(fields));
  }

  private static FunctionType.Parameter parameter(String name, ValueType type) {
    return new FunctionType.Parameter(name, type);
  }
}
