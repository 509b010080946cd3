package io.wattle.runtime.wasi;

import io.wattle.runtime.host.HostInterface;
import java.util.List;
import org.slf4j.event.Level;

/** {@code wasi:logging}, with and without its version. */
final class Logging {
  /** By case number of wasi:logging/logging.level. */
  private static final List<Level> LEVELS =
      List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR, Level.ERROR);

  private Logging() {}

  static List<HostInterface> all(GuestLog log) {
    return List.of(
        named("wasi:logging/logging@0.1.0-draft", log), named("wasi:logging/logging", log));
  }

  private static HostInterface named(String name, GuestLog log) {
    return HostInterface.named(name)
        .function(
            "log",
            (call, args) -> {
              log.log(
                  call.task(), LEVELS.get((Integer) args[0]), (String) args[1], (String) args[2]);
              return null;
            })
        .build();
  }
}
