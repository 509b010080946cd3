package io.wattle.cli.up;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.base.Json;
import io.wattle.cli.connect.JoinToken;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.nats.NatsCredentials;
import io.wattle.lattice.tls.CertificateAuthority;
import io.wattle.lattice.tls.ServerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What lets other machines in: an authority, a certificate and credentials. They stay in the data
 * directory, so that a token is good for the next {@code up} too.
 */
record Gate(
    Listen listen,
    CertificateAuthority authority,
    ServerCertificate certificate,
    Credentials.UserPassword credentials) {
  private static final String CREDENTIALS = "credentials.json";

  private record Known(
      @JsonProperty("user") String user, @JsonProperty("password") String password) {}

  /** Opens it, made anew when there is none; the certificate is new each time. */
  static Gate open(DataDir dataDir, Listen listen, Instant now) throws CommandException {
    Path folder = dataDir.gate();
    try {
      DataDir.createPrivate(folder);
      if (listen.fresh()) {
        Files.deleteIfExists(folder.resolve(CREDENTIALS));
        Files.deleteIfExists(folder.resolve("ca.key"));
      }
      CertificateAuthority authority = CertificateAuthority.open(folder, now);
      List<String> names = new ArrayList<>();
      listen.dialled().forEach(dialled -> names.add(withoutPort(dialled)));
      names.addAll(List.of("localhost", "127.0.0.1"));
      return new Gate(listen, authority, authority.issue(folder, names, now), credentials(folder));
    } catch (IOException e) {
      throw CommandException.failed(
              "what lets other machines in: " + folder + ": " + e.getMessage())
          .hint("`wattle up --listen ... --new-token` makes it anew; old tokens end then.")
          .because(e);
    }
  }

  private static Credentials.UserPassword credentials(Path folder) throws IOException {
    Path file = folder.resolve(CREDENTIALS);
    if (Files.exists(file)) {
      Known known = Json.MAPPER.readValue(Files.readString(file), Known.class);
      return new Credentials.UserPassword(known.user(), known.password());
    }
    Credentials.UserPassword made = NatsCredentials.generate();
    Path part = folder.resolve(CREDENTIALS + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(part, Json.compact(new Known(made.user(), made.password())));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    return made;
  }

  /** The token for a server that listens at {@code port}. */
  JoinToken token(String lattice, int port) {
    return new JoinToken(
        listen.dialled().stream().map(host -> address(host, port)).toList(),
        authority.fingerprint(),
        credentials.user(),
        credentials.password(),
        lattice,
        authority.validUntil());
  }

  /** An advertised one may name a port of its own. */
  private static String address(String host, int port) {
    int colon = host.indexOf(':');
    if (colon < 0) {
      return host + ":" + port;
    }
    return isIpv6(host) ? "[" + host + "]:" + port : host;
  }

  private static String withoutPort(String host) {
    return isIpv6(host) ? host : host.replaceAll(":\\d+$", "").replaceAll("[\\[\\]]", "");
  }

  private static boolean isIpv6(String host) {
    return host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
  }
}
