package io.wattle.runtime.wasi.http;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.wit.http.Fields;
import java.util.ArrayList;
import java.util.List;

/** The host's side of the resource {@code wasi:http/types.fields}. */
final class HttpFields {
  /** The most names and values one object holds together, in bytes; they are on the host's heap. */
  private static final int MOST_BYTES = 128 * 1024;

  /** What a line counts beyond its bytes. */
  private static final int LINE_BYTES = 32;

  private static final Result INVALID_SYNTAX = error(0);
  private static final Result FORBIDDEN = error(1);
  private static final Result IMMUTABLE = error(2);

  /** What an object costs that holds nothing. */
  private static final int EMPTY_BYTES = 64;

  private final FieldBytes budget;
  private final boolean mutable;
  private final List<Fields.Entry> entries;
  private int bytes = EMPTY_BYTES;

  /** Empty and mutable. */
  HttpFields(HostCall call) {
    this(FieldBytes.of(call), true, new ArrayList<>(4));
  }

  private HttpFields(FieldBytes budget, boolean mutable, List<Fields.Entry> entries) {
    this.budget = budget;
    this.mutable = mutable;
    this.entries = entries;
    entries.forEach(entry -> bytes += size(entry));
    budget.take(bytes);
  }

  /** What a guest sees of fields that came from outside: not those forbidden, immutable. */
  static HttpFields received(HostCall call, Fields fields) {
    List<Fields.Entry> entries = new ArrayList<>(fields.entries().size());
    for (Fields.Entry entry : fields.entries()) {
      if (!Syntax.forbidden(entry.name())) {
        entries.add(entry);
      }
    }
    return new HttpFields(FieldBytes.of(call), false, entries);
  }

  /** {@code from-list}. */
  static Result fromList(HostCall call, List<?> lines) {
    HttpFields fields = new HttpFields(call);
    for (Object line : lines) {
      Object[] pair = (Object[]) line;
      Result appended = fields.append((String) pair[0], (byte[]) pair[1]);
      if (!appended.isOk()) {
        fields.dropped();
        return appended;
      }
    }
    return Result.ok(fields);
  }

  HttpFields copy(boolean asMutable) {
    return new HttpFields(budget, asMutable, new ArrayList<>(entries));
  }

  /** The guest has it no longer: it was dropped, or sent. */
  void dropped() {
    budget.giveBack(bytes);
    bytes = 0;
  }

  private Fields toFields() {
    return entries.isEmpty() ? Fields.EMPTY : new Fields(entries);
  }

  /** The fields as they leave the guest, which has them no longer. */
  Fields send() {
    Fields sent = toFields();
    dropped();
    return sent;
  }

  List<Object> get(String name) {
    List<Object> values = new ArrayList<>();
    for (Fields.Entry entry : entries) {
      if (entry.name().equalsIgnoreCase(name)) {
        values.add(entry.value());
      }
    }
    return values;
  }

  boolean has(String name) {
    return entries.stream().anyMatch(entry -> entry.name().equalsIgnoreCase(name));
  }

  List<Object> entries() {
    List<Object> all = new ArrayList<>(entries.size());
    for (Fields.Entry entry : entries) {
      all.add(new Object[] {entry.name(), entry.value()});
    }
    return all;
  }

  Result set(String name, List<?> values) {
    for (Object value : values) {
      Result refused = refusal(name, (byte[]) value);
      if (!refused.isOk()) {
        return refused;
      }
    }
    Result deleted = delete(name);
    if (deleted.isOk()) {
      values.forEach(value -> add(new Fields.Entry(name, (byte[]) value)));
    }
    return deleted;
  }

  Result delete(String name) {
    Result refused = refusal(name, new byte[0]);
    if (refused.isOk()) {
      entries.removeIf(
          entry -> {
            boolean same = entry.name().equalsIgnoreCase(name);
            if (same) {
              bytes -= size(entry);
              budget.giveBack(size(entry));
            }
            return same;
          });
    }
    return refused;
  }

  Result append(String name, byte[] value) {
    Result refused = refusal(name, value);
    if (refused.isOk()) {
      add(new Fields.Entry(name, value));
    }
    return refused;
  }

  private void add(Fields.Entry entry) {
    bytes += size(entry);
    budget.take(size(entry));
    if (bytes > MOST_BYTES) {
      throw new TrapException(
          TrapException.Kind.LIMIT,
          "fields: " + bytes + " bytes (expected: at most " + MOST_BYTES + ")");
    }
    entries.add(entry);
  }

  private Result refusal(String name, byte[] value) {
    if (!Syntax.token(name) || !Syntax.fieldValue(value)) {
      return INVALID_SYNTAX;
    }
    if (Syntax.forbidden(name)) {
      return FORBIDDEN;
    }
    return mutable ? Result.OK : IMMUTABLE;
  }

  private static int size(Fields.Entry entry) {
    return entry.name().length() + entry.value().length + LINE_BYTES;
  }

  private static Result error(int index) {
    return Result.err(new Variant(index, null));
  }
}
