package io.wattle.lattice.nats;

import io.wattle.lattice.Credentials;
import io.wattle.lattice.tls.ServerCertificate;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The text of a server's configuration. */
public final class ServerConfig {
  private final StringBuilder text = new StringBuilder();
  private final NatsServer.Options options;

  private ServerConfig(NatsServer.Options options) {
    this.options = options;
  }

  /**
   * The configuration.
   *
   * @param options its directory may be relative: to where the server is started
   * @param syncAlways whether the version of the server knows that field
   */
  public static String text(NatsServer.Options options, boolean syncAlways) {
    ServerConfig config = new ServerConfig(options);
    config.write(syncAlways);
    return config.text.toString();
  }

  private void write(boolean syncAlways) {
    ClusterMember member = options.cluster();
    line("host: " + quoted(options.host()));
    line("port: " + (options.port() == 0 ? -1 : options.port()));
    line("server_name: " + quoted(member == null ? "wattle" : member.serverName()));
    // A client that stands still or is cut off is dropped after 6 to 7 s, not after minutes: until
    // then the server hands it its share of the calls to what runs on several hosts. That is before
    // a control plane takes its silence for death, so that what replaces it gets all calls at once.
    line("ping_interval: \"1s\"");
    line("ping_max: 5");
    line("jetstream {");
    line("  store_dir: " + quoted(options.directory().resolve("jetstream")));
    if (syncAlways) {
      line("  sync_interval: always"); // else what was acknowledged may be lost with the power
    }
    line("}");
    credentials();
    ServerCertificate tls = options.tls();
    if (tls != null) {
      line("tls {");
      certificate(tls);
      line("}");
    }
    if (member != null) {
      cluster(member, tls);
    }
  }

  private void credentials() {
    switch (options.credentials()) {
      case Credentials.UserPassword(String user, String password) -> {
        line("authorization {");
        line("  user: " + quoted(user));
        line("  password: " + quoted(password));
        line("}");
      }
      case Credentials.Token(String token) -> {
        line("authorization {");
        line("  token: " + quoted(token));
        line("}");
      }
      case Credentials.None none -> {}
      case Credentials.CredsFile file -> throw unsupported();
      case Credentials.JwtSeed jwt -> throw unsupported();
    }
  }

  private void certificate(ServerCertificate tls) {
    line("  cert_file: " + quoted(tls.chain()));
    line("  key_file: " + quoted(tls.key()));
    line("  timeout: 5"); // seconds; a busy machine needs more than the usual 2
  }

  private void cluster(ClusterMember member, @Nullable ServerCertificate tls) {
    line("cluster {");
    line("  name: " + quoted(member.cluster()));
    line("  host: " + quoted(options.host()));
    line("  port: " + (member.port() == 0 ? -1 : member.port()));
    line("  routes: [");
    member
        .routes()
        .forEach(route -> line("    " + quoted((tls == null ? "nats://" : "tls://") + route)));
    line("  ]");
    if (tls != null) {
      line("  tls {");
      certificate(tls);
      line("  ca_file: " + quoted(tls.chain().resolveSibling("ca.pem")));
      line("  verify: true"); // who has no certificate of ours is no member
      line("  }");
    }
    line("}");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static IllegalArgumentException unsupported() {
    return new IllegalArgumentException(
        "credentials of a server we start (expected: none, token, or user and password)");
  }

  private static String quoted(Path path) {
    return quoted(path.toString());
  }

  static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
