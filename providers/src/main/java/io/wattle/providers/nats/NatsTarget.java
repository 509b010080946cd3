package io.wattle.providers.nats;

import io.wattle.providers.LinkException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A NATS server, and who we are there, in the settings of wasmCloud's providers (lattice reference,
 * section 7.8).
 *
 * @param uris its addresses; none means the lattice's own
 * @param login who we are, when the addresses do not say
 * @param authorities PEM text of the authorities to trust
 * @param inboxPrefix where answers are expected, {@code _INBOX} unless said
 */
public record NatsTarget(
    List<String> uris,
    Optional<Login> login,
    Optional<String> authorities,
    Optional<String> inboxPrefix) {
  public NatsTarget {
    uris = List.copyOf(uris);
  }

  /** A user's JWT and the seed that proves it. */
  public record Login(String jwt, String seed) {
    @Override
    public String toString() {
      return "Login"; // a log must not have the seed
    }
  }

  /**
   * Reads the settings of a link.
   *
   * @param uriKey what its addresses are called: one, or several behind commas
   * @throws LinkException when they contradict one another
   */
  public static NatsTarget of(Map<String, String> settings, String uriKey) throws LinkException {
    Optional<String> jwt = text(settings, "client_jwt");
    Optional<String> seed = text(settings, "client_seed");
    if (jwt.isPresent() != seed.isPresent()) {
      throw new LinkException(
          "client_jwt and client_seed: only one of them is there (expected: both or none)");
    }
    List<String> uris =
        text(settings, uriKey).stream()
            .flatMap(all -> Arrays.stream(all.split(",", -1)))
            .map(String::strip)
            .filter(uri -> !uri.isEmpty())
            .toList();
    return new NatsTarget(
        uris,
        jwt.flatMap(user -> seed.map(proof -> new Login(user, proof))),
        text(settings, "tls_ca"),
        text(settings, "custom_inbox_prefix"));
  }

  private static Optional<String> text(Map<String, String> settings, String key) {
    return Optional.ofNullable(settings.get(key)).filter(value -> !value.isBlank());
  }

  /** Whether it asks for nothing but an address. */
  boolean isPlain() {
    return login.isEmpty() && authorities.isEmpty() && inboxPrefix.isEmpty();
  }
}
