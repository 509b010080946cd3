package io.wattle.lattice;

import io.wattle.lattice.tls.Tls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a lattice.
 *
 * @param url {@code nats://host:port}, without user and password, which become the credentials;
 *     several separated by commas; {@code tls://} asks for TLS
 * @param credentials who we are
 * @param tls whom we trust
 * @param lattice which lattice
 * @param controlPrefix first tokens of the control subjects, {@code wasmbus.ctl}
 * @param connectionName shown by the server's monitoring
 * @param connectTimeout for the first connection
 * @param requestTimeout for a control or JetStream request
 * @param jetStreamDomain the JetStream domain, null for none
 * @param replicas copies of what is stored in JetStream, or {@link #REPLICAS_BY_CLUSTER}
 */
public record LatticeOptions(
    String url,
    Credentials credentials,
    Tls tls,
    String lattice,
    String controlPrefix,
    String connectionName,
    Duration connectTimeout,
    Duration requestTimeout,
    @Nullable String jetStreamDomain,
    int replicas) {

  /** Where NATS listens unless told otherwise. */
  public static final String DEFAULT_URL = "nats://127.0.0.1:4222";

  /** First tokens of the control subjects unless told otherwise. */
  public static final String DEFAULT_CONTROL_PREFIX = "wasmbus.ctl";

  /** Three copies where NATS is a cluster of three servers, else one. */
  public static final int REPLICAS_BY_CLUSTER = 0;

  private static final int MAX_REPLICAS = 5;

  public LatticeOptions {
    LatticeName.checkLattice(lattice);
    if (url.isBlank()) {
      throw new IllegalArgumentException("url: empty (expected: nats://host:port)");
    }
    if (replicas < 0 || replicas > MAX_REPLICAS) {
      throw new IllegalArgumentException(
          "replicas: " + replicas + " (expected: 0 for by cluster, or 1 to " + MAX_REPLICAS + ")");
    }
    if (credentials == Credentials.None.NONE) {
      credentials = UserInfo.in(url);
    }
    url = UserInfo.without(url);
  }

  /** This address and lattice, the rest as usual. */
  public static LatticeOptions of(String url, String lattice) {
    return new LatticeOptions(
        url,
        Credentials.None.NONE,
        Tls.ByUrl.BY_URL,
        lattice,
        DEFAULT_CONTROL_PREFIX,
        "wattle",
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        null,
        REPLICAS_BY_CLUSTER);
  }

  /** With other credentials; none at all leaves those that the address held. */
  public LatticeOptions with(Credentials other) {
    return new LatticeOptions(
        url,
        other == Credentials.None.NONE ? credentials : other,
        tls,
        lattice,
        controlPrefix,
        connectionName,
        connectTimeout,
        requestTimeout,
        jetStreamDomain,
        replicas);
  }

  /** For another lattice on the same servers. */
  public LatticeOptions withLattice(String other) {
    return new LatticeOptions(
        url,
        credentials,
        tls,
        other,
        controlPrefix,
        connectionName,
        connectTimeout,
        requestTimeout,
        jetStreamDomain,
        replicas);
  }

  /** With another control prefix. */
  public LatticeOptions withControlPrefix(String other) {
    return new LatticeOptions(
        url,
        credentials,
        tls,
        lattice,
        other,
        connectionName,
        connectTimeout,
        requestTimeout,
        jetStreamDomain,
        replicas);
  }

  /** With another name in the server's monitoring. */
  public LatticeOptions withConnectionName(String other) {
    return new LatticeOptions(
        url,
        credentials,
        tls,
        lattice,
        controlPrefix,
        other,
        connectTimeout,
        requestTimeout,
        jetStreamDomain,
        replicas);
  }

  /** With other timeouts. */
  public LatticeOptions withTimeouts(Duration connect, Duration request) {
    return new LatticeOptions(
        url,
        credentials,
        tls,
        lattice,
        controlPrefix,
        connectionName,
        connect,
        request,
        jetStreamDomain,
        replicas);
  }

  /** With a JetStream domain. */
  public LatticeOptions withJetStreamDomain(@Nullable String domain) {
    return new LatticeOptions(
        url,
        credentials,
        tls,
        lattice,
        controlPrefix,
        connectionName,
        connectTimeout,
        requestTimeout,
        domain,
        replicas);
  }

  /** Trusting somebody else. */
  public LatticeOptions with(Tls other) {
    return new LatticeOptions(
        url,
        credentials,
        other,
        lattice,
        controlPrefix,
        connectionName,
        connectTimeout,
        requestTimeout,
        jetStreamDomain,
        replicas);
  }

  /** With so many copies of what is stored. */
  public LatticeOptions withReplicas(int other) {
    return new LatticeOptions(
        url,
        credentials,
        tls,
        lattice,
        controlPrefix,
        connectionName,
        connectTimeout,
        requestTimeout,
        jetStreamDomain,
        other);
  }
}
