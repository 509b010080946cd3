package io.wattle.cli.up;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.tls.Fingerprint;
import io.wattle.lattice.tls.Tls;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a host in its own JVM is told on its standard input; not by arguments, which every user of
 * the machine can see.
 */
record HostSettings(
    @JsonProperty("nats_url") String natsUrl,
    @JsonProperty("user") @Nullable String user,
    @JsonProperty("password") @Nullable String password,
    @JsonProperty("authority") @Nullable String authority,
    @JsonProperty("lattice") String lattice,
    @JsonProperty("labels") Map<String, String> labels,
    @JsonProperty("max_invocation_ms") long maxInvocationMillis,
    @JsonProperty("data_dir") String dataDir,
    @JsonProperty("log") String log) {

  static HostSettings of(
      LatticeOptions lattice,
      Map<String, String> labels,
      long maxInvocationMillis,
      String dataDir,
      String log) {
    String user = null;
    String password = null;
    if (lattice.credentials() instanceof Credentials.UserPassword known) {
      user = known.user();
      password = known.password();
    }
    String authority = lattice.tls() instanceof Tls.PinnedCa pinned ? pinned.ca().sha256() : null;
    return new HostSettings(
        lattice.url(),
        user,
        password,
        authority,
        lattice.lattice(),
        labels,
        maxInvocationMillis,
        dataDir,
        log);
  }

  LatticeOptions options() {
    LatticeOptions options = LatticeOptions.of(natsUrl, lattice);
    if (authority != null) {
      options = options.with(new Tls.PinnedCa(new Fingerprint(authority)));
    }
    return user == null || password == null
        ? options
        : options.with(new Credentials.UserPassword(user, password));
  }
}
