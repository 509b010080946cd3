package io.wattle.cli.connect;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ConnectionFile;
import io.wattle.cli.base.DataDir;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeName;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.tls.Fingerprint;
import io.wattle.lattice.tls.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which lattice a command speaks to: what the options or the environment name, by a join token or
 * an address, else the one that {@code up} started, else NATS on this machine's usual port.
 */
public final class ConnectionOptions {
  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final int DEFAULT_PORT = 4222;

  @Option(
      names = "--join",
      paramLabel = "TOKEN",
      description =
          "Join token that `wattle token` prints, a file that holds it, or - for standard input"
              + " (env WATTLE_JOIN).")
  private @Nullable String join;

  @Option(
      names = "--nats-url",
      paramLabel = "URL",
      description = "NATS server, nats://[user:password@]host:port (env WATTLE_NATS_URL).")
  private @Nullable String natsUrl;

  @Option(
      names = {"-r", "--ctl-host"},
      paramLabel = "HOST",
      description = "Host of the NATS server (env WASMCLOUD_CTL_HOST).")
  private @Nullable String host;

  @Option(
      names = {"-p", "--ctl-port"},
      paramLabel = "PORT",
      description = "Port of the NATS server (env WASMCLOUD_CTL_PORT).")
  private @Nullable Integer port;

  @Option(
      names = "--ctl-credsfile",
      paramLabel = "FILE",
      description = "NATS credentials file (env WASMCLOUD_CTL_CREDSFILE, WASH_CTL_CREDS).")
  private @Nullable Path credsFile;

  @Option(
      names = "--ctl-tls-ca-file",
      paramLabel = "FILE",
      description = "Trust NATS servers of this authority, PEM (env WASH_CTL_TLS_CA_FILE).")
  private @Nullable Path caFile;

  @Option(
      names = "--js-domain",
      paramLabel = "DOMAIN",
      description = "JetStream domain (env WASMCLOUD_JS_DOMAIN).")
  private @Nullable String jsDomain;

  @Option(
      names = {"-x", "--lattice"},
      paramLabel = "NAME",
      description =
          "Lattice (env WASMCLOUD_LATTICE; default: the running one's, else \"default\").")
  private @Nullable String lattice;

  @Option(
      names = {"-t", "--timeout-ms"},
      paramLabel = "MS",
      description = "How long to wait for an answer (env WASMCLOUD_CTL_TIMEOUT_MS; default: 2000).")
  private @Nullable Long timeoutMillis;

  private @Nullable JoinToken token;

  /** How long one request may take. */
  public Duration timeout() throws CommandException {
    Long millis = timeoutMillis;
    if (millis == null) {
      millis = number("WASMCLOUD_CTL_TIMEOUT_MS", 2000L);
    }
    if (millis < 1) {
      throw CommandException.usage("--timeout-ms: " + millis + " (expected: >= 1)");
    }
    return Duration.ofMillis(millis);
  }

  /** Where to connect to and as whom. */
  public LatticeOptions resolve() throws CommandException {
    try {
      return basis()
          .withTimeouts(Duration.ofSeconds(2).plus(timeout()), timeout())
          .withConnectionName("wattle cli")
          .withJetStreamDomain(jsDomain == null ? env("WASMCLOUD_JS_DOMAIN") : jsDomain);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage())).because(e);
    }
  }

  /** What names the lattice: a join token, or a URL, or what runs here. */
  private LatticeOptions basis() throws CommandException {
    JoinToken joined = joinToken();
    if (joined != null) {
      LatticeOptions options = joined.options();
      String named = lattice == null ? env("WASMCLOUD_LATTICE") : lattice;
      return named == null ? options : options.withLattice(named);
    }
    ConnectionFile running = running();
    String explicit = explicitUrl();
    String url = explicit;
    if (url == null) {
      url = running == null ? LatticeOptions.DEFAULT_URL : running.natsUrl();
    }
    return LatticeOptions.of(url, latticeName(running))
        .with(credentials(running))
        .with(tls(running));
  }

  /** The token that the options or, when they name no server, the environment give. */
  private @Nullable JoinToken joinToken() throws CommandException {
    boolean named = natsUrl != null || host != null || port != null;
    if (join != null && named) {
      throw CommandException.usage(
          "--join and an address (expected: one of them; the token holds the address)");
    }
    String given = join;
    if (given == null && !named) {
      given = env("WATTLE_JOIN");
    }
    if (given != null && token == null) {
      token = JoinSource.read(given, join == null ? "WATTLE_JOIN" : "--join");
    }
    return given == null ? null : token;
  }

  private Tls tls(@Nullable ConnectionFile running) {
    String file = caFile == null ? env("WASH_CTL_TLS_CA_FILE") : caFile.toString();
    if (file != null) {
      return new Tls.CaFile(Path.of(file));
    }
    return running == null || running.authority() == null
        ? Tls.ByUrl.BY_URL
        : new Tls.PinnedCa(new Fingerprint(running.authority()));
  }

  /** A failure of the lattice in the words of those who gave these options. */
  public CommandException explain(LatticeException e) {
    CommandException failure = Failures.of(e);
    if (token == null) {
      return failure;
    }
    return switch (e.kind()) {
      case NOT_ALLOWED ->
          failure.hint(
              "The join token is of another lattice, or an older one: `wattle token` prints"
                  + " today's, where `wattle up --listen` runs.");
      case UNREACHABLE ->
          failure.hint(
              "Is that machine on, does `wattle up --listen` run there, and does the firewall let"
                  + " its port through?");
      case NO_JETSTREAM, NO_RESPONDERS, TIMEOUT, REFUSED, MALFORMED, CONFLICT -> failure;
    };
  }

  /** Ids of hosts that are known to be in the lattice. */
  public Set<String> knownHosts() throws CommandException {
    ConnectionFile running = running();
    return running == null || !running.lattice().equals(resolve().lattice())
        ? Set.of()
        : Set.copyOf(running.hosts());
  }

  /** The running supervisor, if that is the one that is meant. */
  private @Nullable ConnectionFile running() throws CommandException {
    if (joinToken() != null) {
      return null;
    }
    ConnectionFile running = ConnectionFile.read(DataDir.of(System.getenv()));
    String explicit = explicitUrl();
    return running != null
            && isAlive(running)
            && (explicit == null || explicit.equals(running.natsUrl()))
        ? running
        : null;
  }

  private static boolean isAlive(ConnectionFile running) {
    return ProcessHandle.of(running.pid()).map(ProcessHandle::isAlive).orElse(false);
  }

  private @Nullable String explicitUrl() throws CommandException {
    String url = natsUrl == null ? env("WATTLE_NATS_URL") : natsUrl;
    if (url != null) {
      return url;
    }
    String ctlHost = host == null ? env("WASMCLOUD_CTL_HOST") : host;
    Integer ctlPort = port;
    if (ctlPort == null && env("WASMCLOUD_CTL_PORT") != null) {
      ctlPort = (int) number("WASMCLOUD_CTL_PORT", DEFAULT_PORT);
    }
    if (ctlHost == null && ctlPort == null) {
      return null;
    }
    return "nats://"
        + (ctlHost == null ? DEFAULT_HOST : ctlHost)
        + ":"
        + (ctlPort == null ? DEFAULT_PORT : ctlPort);
  }

  private String latticeName(@Nullable ConnectionFile running) {
    if (lattice != null) {
      return lattice;
    }
    String named = env("WASMCLOUD_LATTICE");
    if (named != null) {
      return named;
    }
    return running == null ? LatticeName.DEFAULT : running.lattice();
  }

  private Credentials credentials(@Nullable ConnectionFile running) {
    if (credsFile != null) {
      return new Credentials.CredsFile(credsFile);
    }
    String file = env("WASMCLOUD_CTL_CREDSFILE");
    if (file == null) {
      file = env("WASH_CTL_CREDS");
    }
    if (file != null) {
      return new Credentials.CredsFile(Path.of(file));
    }
    String jwt = env("WASMCLOUD_CTL_JWT");
    String seed = env("WASMCLOUD_CTL_SEED");
    if (jwt != null && seed != null) {
      return new Credentials.JwtSeed(jwt, seed);
    }
    if (running != null && running.user() != null && running.password() != null) {
      return new Credentials.UserPassword(running.user(), running.password());
    }
    return Credentials.None.NONE;
  }

  private static long number(String variable, long otherwise) throws CommandException {
    String text = env(variable);
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw CommandException.usage(variable + ": \"" + text + "\" (expected: a number)").because(e);
    }
  }

  private static @Nullable String env(String variable) {
    String value = System.getenv(variable);
    return value == null || value.isBlank() ? null : value;
  }
}
