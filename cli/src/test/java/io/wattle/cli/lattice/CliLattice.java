package io.wattle.cli.lattice;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.cli.Running;
import io.wattle.cli.Said;
import io.wattle.cli.base.ConnectionFile;
import io.wattle.cli.base.DataDir;
import io.wattle.host.Host;
import io.wattle.host.HostOptions;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.testing.NatsForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** A lattice with real hosts in this process, and the commands that speak to it. */
final class CliLattice implements AutoCloseable {
  private final NatsForTests nats;
  private final Path dir;
  private final List<Host> hosts = new ArrayList<>();

  CliLattice(NatsForTests nats, Path dir) {
    this.nats = nats;
    this.dir = dir;
  }

  Host host() throws Exception {
    return host(options -> options);
  }

  Host host(UnaryOperator<HostOptions.Builder> change) throws Exception {
    return host(dir.resolve("host-" + hosts.size()), change);
  }

  /** The last host again, after it was stopped. */
  Host again(UnaryOperator<HostOptions.Builder> change) throws Exception {
    return host(dir.resolve("host-" + (hosts.size() - 1)), change);
  }

  private Host host(Path data, UnaryOperator<HostOptions.Builder> change) throws Exception {
    HostOptions.Builder options =
        HostOptions.builder(nats.options(), data)
            .memoryBudget(128L << 20)
            .drain(Duration.ofSeconds(5));
    Host host = Host.start(change.apply(options).build());
    hosts.add(host);
    announce();
    return host;
  }

  /** Runs a command to its end. */
  Said wattle(String... args) {
    return Said.by(arguments(args));
  }

  /** Runs a command that must work. */
  Said done(String... args) {
    Said said = wattle(args);
    assertThat(said.exitCode()).as("%s: %s", Arrays.toString(args), said).isZero();
    return said;
  }

  /** Starts a command that goes on. */
  Running start(String... args) {
    return new Running(arguments(args));
  }

  private String[] arguments(String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(List.of("--nats-url", nats.url(), "--lattice", nats.lattice(), "-t", "10000"));
    return all.toArray(String[]::new);
  }

  /** As {@code up} leaves it: commands find their way, and wait for no other hosts than these. */
  private void announce() throws IOException {
    DataDir data = DataDir.of(System.getenv());
    Files.createDirectories(data.root());
    switch (nats.server().credentials()) {
      case Credentials.UserPassword(String user, String password) ->
          new ConnectionFile(
                  ProcessHandle.current().pid(),
                  "2026-01-01T00:00:00Z",
                  nats.url(),
                  user,
                  password,
                  null,
                  null,
                  nats.lattice(),
                  "",
                  hosts.stream().map(Host::id).distinct().toList())
              .write(data);
      default -> throw new IllegalStateException("user and password are expected");
    }
  }

  /** The path of a committed guest. */
  static String guest(String name) {
    Path wasm = Path.of("../components/dist/" + name + ".wasm").toAbsolutePath().normalize();
    assertThat(wasm).exists();
    return wasm.toString();
  }

  @Override
  public void close() {
    hosts.forEach(Host::close);
    var _ = DataDir.of(System.getenv()).connectionFile().toFile().delete();
  }
}
