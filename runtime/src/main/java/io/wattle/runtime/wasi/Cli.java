package io.wattle.runtime.wasi;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.GuestInput;
import io.wattle.runtime.wasi.io.GuestOutput;
import java.util.List;
import java.util.Optional;

/**
 * {@code wasi:cli}: arguments, environment, exit, the standard streams and whether they are
 * terminals.
 */
final class Cli {
  private Cli() {}

  static List<HostInterface> all(WasiOptions options) {
    return List.of(
        environment(options),
        exit(),
        HostInterface.named("wasi:cli/stdin@0.2.0")
            .function(
                "get-stdin",
                (call, args) ->
                    call
                        .state(Stdin.class, () -> new Stdin(new GuestInput(options.stdin())))
                        .stream())
            .build(),
        HostInterface.named("wasi:cli/stdout@0.2.0")
            .function("get-stdout", (call, args) -> new GuestOutput(options.stdout()))
            .build(),
        HostInterface.named("wasi:cli/stderr@0.2.0")
            .function("get-stderr", (call, args) -> new GuestOutput(options.stderr()))
            .build(),
        HostInterface.named("wasi:cli/terminal-input@0.2.0").resource("terminal-input").build(),
        HostInterface.named("wasi:cli/terminal-output@0.2.0").resource("terminal-output").build(),
        terminal("stdin", options.terminals().stdin()),
        terminal("stdout", options.terminals().stdout()),
        terminal("stderr", options.terminals().stderr()));
  }

  /** The host's side of {@code terminal-input} and {@code terminal-output}: it has no methods. */
  private record Terminal() {}

  /** One for each instance, so that asking for it again takes no memory. */
  private record Stdin(GuestInput stream) {}

  private static HostInterface environment(WasiOptions options) {
    List<Object[]> environment =
        options.environment().entrySet().stream()
            .map(entry -> new Object[] {entry.getKey(), entry.getValue()})
            .toList();
    return HostInterface.named("wasi:cli/environment@0.2.0")
        .repeatable("get-environment", (call, args) -> environment)
        .repeatable("get-arguments", (call, args) -> options.arguments())
        .repeatable("initial-cwd", (call, args) -> Optional.empty())
        .build();
  }

  private static HostInterface exit() {
    return HostInterface.named("wasi:cli/exit@0.2.0")
        .function(
            "exit",
            (call, args) -> {
              throw exit(((Result) args[0]).isOk() ? 0 : 1);
            })
        .function(
            "exit-with-code",
            (call, args) -> {
              throw exit((Integer) args[0]);
            })
        .build();
  }

  private static TrapException exit(int code) {
    return new TrapException(
        TrapException.Kind.EXIT, "it exited with code " + code, new GuestExit(code));
  }

  private static HostInterface terminal(String stream, boolean is) {
    HostInterface.Builder one = HostInterface.named("wasi:cli/terminal-" + stream + "@0.2.0");
    String get = "get-terminal-" + stream;
    return is
        ? one.function(get, (call, args) -> Optional.of(new Terminal())).build()
        : one.repeatable(get, (call, args) -> Optional.empty()).build();
  }
}
