package io.wattle.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.connect.JoinToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GateTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Listen LISTEN =
      new Listen("10.0.0.5", 4222, List.of("edge.example", "1.2.3.4:5000"), false);

  @TempDir Path folder;

  @Test
  void aTokenStaysGoodUntilANewOneIsAskedFor() throws Exception {
    DataDir dataDir = new DataDir(folder);
    JoinToken first = Gate.open(dataDir, LISTEN, NOW).token("default", 4222);
    assertThat(first.addresses())
        .containsExactly("edge.example:4222", "1.2.3.4:5000", "10.0.0.5:4222");
    JoinToken again = Gate.open(dataDir, LISTEN, NOW.plusSeconds(60)).token("default", 4222);
    assertThat(again).isEqualTo(first);

    Listen fresh = new Listen(LISTEN.host(), LISTEN.port(), LISTEN.advertised(), true);
    JoinToken other = Gate.open(dataDir, fresh, NOW).token("default", 4222);
    assertThat(other.authority()).isNotEqualTo(first.authority());
    assertThat(other.password()).isNotEqualTo(first.password());
  }

  @Test
  void whatIsSecretIsForItsOwnerOnly() throws Exception {
    DataDir dataDir = new DataDir(folder);
    Gate gate = Gate.open(dataDir, LISTEN, NOW);
    Path files = dataDir.gate();
    assertThat(permissions(files)).isEqualTo("rwx------");
    for (String secret : List.of("ca.key", "server.key", "credentials.json")) {
      assertThat(permissions(files.resolve(secret))).as(secret).isEqualTo("rw-------");
    }
    assertThat(gate.toString()).doesNotContain(gate.credentials().password());
  }

  @Test
  void theCertificateNamesTheMachine() throws Exception {
    Gate gate = Gate.open(new DataDir(folder), LISTEN, NOW);
    try (InputStream in = Files.newInputStream(gate.certificate().chain())) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      assertThat(
              certificate.getSubjectAlternativeNames().stream()
                  .map(name -> String.valueOf(name.get(1)))
                  .toList())
          .contains("10.0.0.5", "127.0.0.1", "localhost", "edge.example", "1.2.3.4");
    }
  }

  @Test
  void whatIsDamagedIsNamed() throws Exception {
    Gate gate = Gate.open(new DataDir(folder), LISTEN, NOW);
    Files.writeString(gate.certificate().key().resolveSibling("ca.pem"), "nonsense");
    assertThatThrownBy(() -> Gate.open(new DataDir(folder), LISTEN, NOW))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("ca.pem");
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
