package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.KeyValues;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.runtime.wasi.filesystem.Preopen;
import io.wattle.runtime.wasi.sockets.NetworkAccess;
import io.wattle.runtime.wasi.sockets.NetworkRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** What a component that runs here, without a lattice, is given. */
final class GuestOptions {
  private static final int IDLE_INSTANCES = 16;
  private static final long LEAST_MEMORY = 64 * 1024;

  @Option(
      names = "--env",
      paramLabel = "KEY[=VALUE]",
      description = {
        "Environment variable for the component; without VALUE, as it is here.",
        "May be repeated."
      })
  private List<String> environment = new ArrayList<>();

  @Option(
      names = "--dir",
      paramLabel = "HOST::GUEST[:readonly]",
      description = {
        "Directory of this machine that the component may use, and the name it knows it by.",
        "May be repeated."
      })
  private List<String> directories = new ArrayList<>();

  @Option(
      names = "--allow-net",
      paramLabel = "HOST[:PORT]",
      description = {
        "Where the component may connect and send to, by sockets and by HTTP requests: a name, an",
        "address or *, and a port, 8000-8100 or * (default: *). May be repeated."
      })
  private List<String> reach = new ArrayList<>();

  @Option(
      names = "--allow-listen",
      paramLabel = "HOST:PORT",
      description = "Where the component may listen, by TCP and UDP. May be repeated.")
  private List<String> listen = new ArrayList<>();

  @Option(
      names = "--tcplisten",
      paramLabel = "ADDRESS:PORT",
      description = {
        "Where the component may listen, by TCP only. A core module has it open from the start",
        "on, as its first number after the directories. May be repeated."
      })
  private List<String> open = new ArrayList<>();

  @Option(
      names = "--adapt",
      paramLabel = "NAME=FILE",
      description = {
        "Make a component of a core module, with this adapter for the imports of module NAME",
        "(needs wasm-tools). May be repeated."
      })
  private List<String> adapters = new ArrayList<>();

  @Option(
      names = "--max-memory-size",
      paramLabel = "BYTES",
      defaultValue = "268435456",
      description = "Linear memory of an instance, or 64m, 1g (default: ${DEFAULT-VALUE}).")
  private String memory = "268435456";

  /** Puts what was given into {@code builder}; {@code client} sends what may be sent. */
  void into(WasiOptions.Builder builder, LocalHttp client) throws CommandException {
    List<Preopen> given = new ArrayList<>();
    for (String directory : directories) {
      try {
        given.add(Preopen.parse(directory));
      } catch (IllegalArgumentException e) {
        throw CommandException.usage("--dir: " + e.getMessage()).because(e);
      }
    }
    builder.environment(environment()).directories(given);
    List<NetworkRule> listened =
        new ArrayList<>(rules("--allow-listen", listen, NetworkRule::parse));
    listened.addAll(rules("--tcplisten", open, NetworkRule::parse));
    List<InetSocketAddress> sockets = new ArrayList<>();
    for (String address : open) {
      sockets.add(address(address));
    }
    List<NetworkRule> reached = rules("--allow-net", reach, NetworkRule::parseReach);
    NetworkAccess access = new NetworkAccess(reached, listened, sockets);
    builder.network(access).http(client.within(access));
  }

  private Map<String, String> environment() throws CommandException {
    List<String> pairs = new ArrayList<>();
    for (String variable : environment) {
      String here = variable.indexOf('=') < 0 ? System.getenv(variable) : null;
      if (variable.isEmpty() || (here == null && variable.indexOf('=') < 0)) {
        throw CommandException.usage(
            "--env: \""
                + variable
                + "\" is not set here (expected: KEY=VALUE, or KEY of one that is)");
      }
      pairs.add(here == null ? variable : variable + "=" + here);
    }
    return KeyValues.parse("--env", pairs);
  }

  private static InetSocketAddress address(String text) throws CommandException {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
    try {
      return new InetSocketAddress(
          InetAddress.ofLiteral(host), Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
              "--tcplisten: \"" + text + "\" (expected: ADDRESS:PORT, like 127.0.0.1:8080)")
          .because(e);
    }
  }

  private static List<NetworkRule> rules(
      String option, List<String> texts, Function<String, NetworkRule> reader)
      throws CommandException {
    List<NetworkRule> rules = new ArrayList<>();
    for (String text : texts) {
      try {
        rules.add(reader.apply(text));
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(option + ": " + e.getMessage()).because(e);
      }
    }
    return rules;
  }

  /** What a file holds; with adapters, the component that is made of it. */
  byte[] read(String file) throws CommandException, InterruptedException {
    return adapters.isEmpty() ? LocalRuntime.read(file) : Adapters.apply(file, adapters);
  }

  /** The limits of each instance. */
  LinkOptions limits() throws CommandException {
    long memoryBytes = Sizes.parse("--max-memory-size", memory, LEAST_MEMORY);
    StoreLimits usual = StoreLimits.DEFAULT;
    return new LinkOptions(
        new StoreLimits(memoryBytes, usual.tableElements(), usual.instances()),
        IDLE_INSTANCES,
        LinkOptions.DEFAULT.maxValueBytes());
  }
}
