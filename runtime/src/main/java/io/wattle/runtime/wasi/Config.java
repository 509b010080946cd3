package io.wattle.runtime.wasi;

import io.wattle.runtime.host.HostFunction;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code wasi:config}: what the component is configured with at the time of the call. */
final class Config {
  /** Case of the variant error: whoever keeps the configuration does not give it. */
  private static final int UPSTREAM = 0;

  private Config() {}

  static List<HostInterface> all(Supplier<Map<String, String>> config) {
    return List.of(
        named("wasi:config/store@0.2.0-draft", config),
        named("wasi:config/runtime@0.2.0-draft", config));
  }

  private static HostInterface named(String name, Supplier<Map<String, String>> config) {
    HostFunction get =
        (call, args) -> read(name, config, all -> Optional.ofNullable(all.get((String) args[0])));
    HostFunction getAll =
        (call, args) ->
            read(
                name,
                config,
                all ->
                    all.entrySet().stream()
                        .map(entry -> new Object[] {entry.getKey(), entry.getValue()})
                        .toList());
    return HostInterface.named(name).function("get", get).function("get-all", getAll).build();
  }

  private static Result read(
      String name,
      Supplier<Map<String, String>> config,
      Function<Map<String, String>, Object> read) {
    try {
      return Result.ok(read.apply(config.get()));
    } catch (ConfigRevokedException e) {
      return Result.err(new Variant(UPSTREAM, e.text(name)));
    }
  }
}
