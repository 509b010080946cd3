package io.wattle.runtime.suite;

import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What wasmtime's scripts import ({@code crates/wast/src/spectest.rs} of its repository). Functions
 * that never return are not here: a function of the host has returned when its caller goes on.
 */
final class WasmtimeHost {
  private record Rep(long value) {}

  private WasmtimeHost() {}

  static Imports imports() {
    HostInterface world =
        HostInterface.named("")
            .function("host-echo-u32", (call, arguments) -> arguments[0])
            .function("host-return-two", (call, arguments) -> 2L)
            .build();
    HostInterface nested =
        HostInterface.named("host/nested").function("return-four", (call, arguments) -> 4L).build();
    HostInterface limits =
        // Our tables have no limit of their own that could be set.
        HostInterface.named("wasmtime")
            .function("set-max-table-capacity", (call, arguments) -> null)
            .build();
    return Imports.of(HostInterfaces.of(List.of(world, host(), nested, limits)));
  }

  private static HostInterface host() {
    List<Long> dropped = new ArrayList<>();
    return HostInterface.named("host")
        .function("return-three", (call, arguments) -> 3L)
        .function("return-hi", (call, arguments) -> "hi")
        .function("return-two-slowly", (call, arguments) -> 2)
        .function("echo-slowly", (call, arguments) -> arguments[0])
        .resource("resource1", rep -> dropped.add(((Rep) rep).value()))
        .resource("resource2")
        .resource("resource1-again")
        .function("[constructor]resource1", (call, arguments) -> new Rep((Long) arguments[0]))
        .function("[static]resource1.assert", (call, arguments) -> same(arguments))
        .function("[method]resource1.simple", (call, arguments) -> same(arguments))
        .function("[static]resource1.last-drop", (call, arguments) -> dropped.getLast())
        .function("[static]resource1.drops", (call, arguments) -> (long) dropped.size())
        .function("[method]resource1.take-borrow", (call, arguments) -> null)
        .function("[method]resource1.take-own", (call, arguments) -> null)
        .build();
  }

  private static @Nullable Object same(Object[] arguments) {
    if (((Rep) arguments[0]).value() != (Long) arguments[1]) {
      throw new IllegalStateException(arguments[0] + " (expected: " + arguments[1] + ")");
    }
    return null;
  }
}
