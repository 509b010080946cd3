package io.wattle.cli.up;

import io.wattle.cli.base.DataDir;
import io.wattle.cli.connect.JoinToken;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.nats.ClusterMember;
import io.wattle.lattice.nats.NatsServer;
import io.wattle.lattice.nats.ServerConfig;
import io.wattle.lattice.tls.CertificateAuthority;
import io.wattle.lattice.tls.ServerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;

/** The files of a NATS cluster. Those of a machine name one another relative to their folder. */
record ClusterFiles(
    Path out,
    List<String> machines,
    int port,
    int clusterPort,
    Credentials.UserPassword credentials) {

  /** Writes them; the token is in {@code token}. */
  JoinToken write(String lattice, Instant now) throws IOException {
    Path authorityFolder = out.resolve("authority");
    DataDir.createPrivate(authorityFolder);
    CertificateAuthority authority = CertificateAuthority.open(authorityFolder, now);
    for (String machine : machines) {
      Path folder = out.resolve(machine);
      DataDir.createPrivate(folder);
      authority.issue(folder, List.of(machine, "localhost", "127.0.0.1"), now);
      secret(folder.resolve("nats-server.conf"), config(machine));
    }
    JoinToken token =
        new JoinToken(
            addresses(port),
            authority.fingerprint(),
            credentials.user(),
            credentials.password(),
            lattice,
            authority.validUntil());
    secret(out.resolve("token"), token.text() + "\n");
    return token;
  }

  private String config(String machine) {
    NatsServer.Options options =
        NatsServer.Options.in(Path.of(""))
            .withHost(machine)
            .withPort(port)
            .withCredentials(credentials)
            .withTls(new ServerCertificate(Path.of("server.pem"), Path.of("server.key")))
            .withCluster(new ClusterMember(machine, "wattle", clusterPort, addresses(clusterPort)));
    return "# nats-server 2.10 or later, started in this folder: nats-server -c nats-server.conf\n"
        + ServerConfig.text(options, true);
  }

  private List<String> addresses(int at) {
    return machines.stream().map(m -> (m.contains(":") ? "[" + m + "]" : m) + ":" + at).toList();
  }

  private static void secret(Path file, String text) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }
}
