package io.wattle.lattice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeException.Kind;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.nats.NatsServer;
import io.wattle.lattice.provider.HostData;
import io.wattle.lattice.testing.NatsForTests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final List<String> NAMES = List.of("127.0.0.1", "localhost", "::1");

  private final Instant now = Instant.now();
  @TempDir Path directory;

  @Test
  void onlyWhoTrustsTheAuthorityAndSpeaksTlsIsLetIn() throws Exception {
    CertificateAuthority authority = CertificateAuthority.open(directory, now);
    ServerCertificate certificate = authority.issue(directory, NAMES, now);
    NatsServer.Options options = NatsServer.Options.in(directory.resolve("nats"));
    try (NatsServer server =
        NatsServer.start(NatsForTests.binary(), options.withTls(certificate))) {
      assertThat(server.url()).startsWith("tls://127.0.0.1:");
      LatticeOptions plain =
          LatticeOptions.of(server.url().replace("tls:", "nats:"), "default")
              .with(server.credentials());
      LatticeOptions pinned = plain.with(new Tls.PinnedCa(authority.fingerprint()));
      LatticeOptions byFile = plain.with(new Tls.CaFile(directory.resolve("ca.pem")));
      connects(pinned);
      connects(byFile);
      for (LatticeOptions host : List.of(pinned, byFile)) { // and so does a provider's process
        String line = HostData.of("NHOST", host, "kv", List.of(), Map.of()).toLine();
        connects(HostData.ofLine(line).connection());
      }

      assertThat(refusal(plain).getMessage()).contains("TLS");
      Path other = Files.createDirectory(directory.resolve("other"));
      Fingerprint foreign = CertificateAuthority.open(other, now).fingerprint();
      LatticeException wrong = refusal(pinned.with(new Tls.PinnedCa(foreign)));
      assertThat(wrong.getMessage())
          .contains(foreign.sha256().substring(0, 16))
          .contains(authority.fingerprint().sha256().substring(0, 16));
      LatticeException unknown = refusal(pinned.with(new Credentials.UserPassword("a", "b")));
      assertThat(unknown.getMessage()).contains("refused user a");
      assertThat(saidToPlainText(server.port())).doesNotContain("PONG");
    }
  }

  @Test
  void aServerWithoutTlsIsNotTrusted() throws Exception {
    Fingerprint any = CertificateAuthority.open(directory, now).fingerprint();
    NatsServer.Options options = NatsServer.Options.in(directory.resolve("nats"));
    try (NatsServer server = NatsServer.start(NatsForTests.binary(), options)) {
      LatticeOptions pinned =
          LatticeOptions.of(server.url(), "default")
              .with(server.credentials())
              .with(new Tls.PinnedCa(any));
      assertThat(refusal(pinned).getMessage()).contains("TLS");
    }
  }

  @Test
  void theAuthorityIsKeptAndItsKeysArePrivate() throws Exception {
    CertificateAuthority first = CertificateAuthority.open(directory, now);
    CertificateAuthority again = CertificateAuthority.open(directory, now);
    assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
    again.issue(directory, NAMES, now);
    assertThat(permissions("ca.key")).isEqualTo("rw-------");
    assertThat(permissions("server.key")).isEqualTo("rw-------");

    CertificateAuthority later =
        CertificateAuthority.open(directory, first.validUntil().plusSeconds(1));
    assertThat(later.fingerprint()).isNotEqualTo(first.fingerprint());
  }

  private String permissions(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
  }

  private static void connects(LatticeOptions options) throws InterruptedException {
    try (LatticeConnection connection = LatticeConnection.connect(options)) {
      assertThat(connection.requireJetStream()).isNotNull();
    }
  }

  private static LatticeException refusal(LatticeOptions options) {
    LatticeException refusal =
        catchThrowableOfType(
            LatticeException.class, () -> LatticeConnection.connect(options).close());
    assertThat(refusal).isNotNull();
    assertThat(refusal.kind()).isEqualTo(Kind.NOT_ALLOWED);
    return refusal;
  }

  private static String saidToPlainText(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write("CONNECT {}\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      StringBuilder said = new StringBuilder();
      String line = reader.readLine();
      while (line != null) {
        said.append(line).append('\n');
        line = reader.readLine();
      }
      return said.toString();
    } catch (SocketException e) {
      return "reset";
    }
  }
}
