package io.wattle.lattice;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a lattice.
 *
 * @param url {@code nats://host:port}, several separated by commas; {@code tls://} asks for TLS
 * @param credentials who we are
 * @param lattice which lattice
 * @param controlPrefix first tokens of the control subjects, {@code wasmbus.ctl}
 * @param connectionName shown by the server's monitoring
 * @param connectTimeout for the first connection
 * @param requestTimeout for a control or JetStream request
 * @param jetStreamDomain the JetStream domain, null for none
 */
public record LatticeOptions(
    String url,
    Credentials credentials,
    String lattice,
    String controlPrefix,
    String connectionName,
    Duration connectTimeout,
    Duration requestTimeout,
    @Nullable String jetStreamDomain) {

  /** Where NATS listens unless told otherwise. */
  public static final String DEFAULT_URL = "nats://127.0.0.1:4222";

  /** First tokens of the control subjects unless told otherwise. */
  public static final String DEFAULT_CONTROL_PREFIX = "wasmbus.ctl";

  public LatticeOptions {
    LatticeName.checkLattice(lattice);
    if (url.isBlank()) {
      throw new IllegalArgumentException("url: empty (expected: nats://host:port)");
    }
  }

  /** This address and lattice, the rest as usual. */
  public static LatticeOptions of(String url, String lattice) {
    return new LatticeOptions(
        url,
        Credentials.None.NONE,
        lattice,
        DEFAULT_CONTROL_PREFIX,
        "wattle",
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        null);
  }

  /** With other credentials. */
  public LatticeOptions with(Credentials other) {
    return new LatticeOptions(
        url,
        other,
        lattice,
        controlPrefix,
        connectionName,
        connectTimeout,
        requestTimeout,
        jetStreamDomain);
  }

  /** For another lattice on the same servers. */
  public LatticeOptions withLattice(String other) {
    return new LatticeOptions(
        url,
        credentials,
        other,
        controlPrefix,
        connectionName,
        connectTimeout,
        requestTimeout,
        jetStreamDomain);
  }

  /** With another control prefix. */
  public LatticeOptions withControlPrefix(String other) {
    return new LatticeOptions(
        url,
        credentials,
        lattice,
        other,
        connectionName,
        connectTimeout,
        requestTimeout,
        jetStreamDomain);
  }

  /** With another name in the server's monitoring. */
  public LatticeOptions withConnectionName(String other) {
    return new LatticeOptions(
        url,
        credentials,
        lattice,
        controlPrefix,
        other,
        connectTimeout,
        requestTimeout,
        jetStreamDomain);
  }

  /** With other timeouts. */
  public LatticeOptions withTimeouts(Duration connect, Duration request) {
    return new LatticeOptions(
        url,
        credentials,
        lattice,
        controlPrefix,
        connectionName,
        connect,
        request,
        jetStreamDomain);
  }

  /** With a JetStream domain. */
  public LatticeOptions withJetStreamDomain(@Nullable String domain) {
    return new LatticeOptions(
        url,
        credentials,
        lattice,
        controlPrefix,
        connectionName,
        connectTimeout,
        requestTimeout,
        domain);
  }
}
