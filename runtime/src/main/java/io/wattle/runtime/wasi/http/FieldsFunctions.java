package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostInterface;
import java.util.List;

/** The resource {@code fields}. */
final class FieldsFunctions {
  private FieldsFunctions() {}

  static void addTo(HostInterface.Builder types) {
    types
        .resource("fields", object -> ((HttpFields) object).dropped())
        .function("[constructor]fields", (call, args) -> new HttpFields(call))
        .function(
            "[static]fields.from-list",
            (call, args) -> HttpFields.fromList(call, (List<?>) args[0]))
        .function("[method]fields.get", (call, args) -> fields(args).get((String) args[1]))
        .function("[method]fields.has", (call, args) -> fields(args).has((String) args[1]))
        .function(
            "[method]fields.set",
            (call, args) -> fields(args).set((String) args[1], (List<?>) args[2]))
        .function("[method]fields.delete", (call, args) -> fields(args).delete((String) args[1]))
        .function(
            "[method]fields.append",
            (call, args) -> fields(args).append((String) args[1], (byte[]) args[2]))
        .function("[method]fields.entries", (call, args) -> fields(args).entries())
        .function("[method]fields.clone", (call, args) -> fields(args).copy(true));
  }

  private static HttpFields fields(Object[] args) {
    return (HttpFields) args[0];
  }
}
