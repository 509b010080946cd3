package io.wattle.runtime.wasi;

import io.wattle.runtime.wasi.filesystem.Preopen;
import io.wattle.runtime.wasi.http.OutgoingHttp;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.runtime.wasi.sockets.NetworkAccess;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Ticker;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * What a component gets of the host through WASI. By default: the argument {@code main.wasm}, an
 * empty environment and standard input, output that is discarded, the system's clocks, no
 * configuration, no files, no way out.
 *
 * @param arguments argv, the program's name first
 * @param environment variables
 * @param stdin standard input of all invocations together
 * @param stdout standard output
 * @param stderr standard error
 * @param ticker the monotonic clock
 * @param wallClock the time of day
 * @param config the component's configuration, asked at every call; a {@link
 *     ConfigRevokedException} is an error that the guest gets
 * @param log where wasi:logging goes
 * @param http who sends outgoing requests
 * @param directories directories of this machine that it may use
 * @param network what it may do with sockets
 * @param terminals which of its standard streams are terminals
 */
public record WasiOptions(
    List<String> arguments,
    Map<String, String> environment,
    BytePipe stdin,
    OutputSink stdout,
    OutputSink stderr,
    Ticker ticker,
    InstantSource wallClock,
    Supplier<Map<String, String>> config,
    GuestLog log,
    OutgoingHttp http,
    List<Preopen> directories,
    NetworkAccess network,
    Terminals terminals) {
  public WasiOptions {
    arguments = List.copyOf(arguments);
    directories = List.copyOf(directories);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** The defaults, to be changed. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects options. */
  public static final class Builder {
    private List<String> arguments = List.of("main.wasm");
    private Map<String, String> environment = Map.of();
    private BytePipe stdin = BytePipe.empty();
    private OutputSink stdout = OutputSink.DISCARD;
    private OutputSink stderr = OutputSink.DISCARD;
    private Ticker ticker = Ticker.SYSTEM;
    private InstantSource wallClock = InstantSource.system();
    private Supplier<Map<String, String>> config = Map::of;
    private GuestLog log =
        (task, level, context, message) ->
            LoggerFactory.getLogger("wattle.guest." + task.component())
                .atLevel(level)
                .log("{}: {}", context, message);
    private OutgoingHttp http = OutgoingHttp.DENIED;
    private List<Preopen> directories = List.of();
    private NetworkAccess network = NetworkAccess.NONE;
    private Terminals terminals = Terminals.NONE;

    private Builder() {}

    /** Sets argv, the program's name first. */
    public Builder arguments(List<String> value) {
      arguments = value;
      return this;
    }

    /** Sets the environment variables. */
    public Builder environment(Map<String, String> value) {
      environment = value;
      return this;
    }

    /** Sets standard input. */
    public Builder stdin(BytePipe value) {
      stdin = value;
      return this;
    }

    /** Sets standard output. */
    public Builder stdout(OutputSink value) {
      stdout = value;
      return this;
    }

    /** Sets standard error. */
    public Builder stderr(OutputSink value) {
      stderr = value;
      return this;
    }

    /** Sets the monotonic clock. */
    public Builder ticker(Ticker value) {
      ticker = value;
      return this;
    }

    /** Sets the time of day. */
    public Builder wallClock(InstantSource value) {
      wallClock = value;
      return this;
    }

    /** Sets where the configuration comes from; asked at every call. */
    public Builder config(Supplier<Map<String, String>> value) {
      config = value;
      return this;
    }

    /** Sets where wasi:logging goes. */
    public Builder log(GuestLog value) {
      log = value;
      return this;
    }

    /** Sets who sends outgoing requests. */
    public Builder http(OutgoingHttp value) {
      http = value;
      return this;
    }

    /** Sets the directories of this machine that it may use. */
    public Builder directories(List<Preopen> value) {
      directories = value;
      return this;
    }

    /** Sets what it may do with sockets. */
    public Builder network(NetworkAccess value) {
      network = value;
      return this;
    }

    /** Sets which of its standard streams are terminals. */
    public Builder terminals(Terminals value) {
      terminals = value;
      return this;
    }

    public WasiOptions build() {
      return new WasiOptions(
          arguments,
          environment,
          stdin,
          stdout,
          stderr,
          ticker,
          wallClock,
          config,
          log,
          http,
          directories,
          network,
          terminals);
    }
  }
}
