package io.wattle.lattice.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.tls.Fingerprint;
import io.wattle.lattice.tls.Tls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDataTest {
  private static final LatticeOptions PLAIN = LatticeOptions.of("nats://127.0.0.1:4222", "default");

  @TempDir Path dir;

  private static String line(LatticeOptions lattice) {
    return HostData.of("NHOST", lattice, "kv", List.of(), Map.of()).toLine();
  }

  private static LatticeOptions told(LatticeOptions lattice) {
    return HostData.ofLine(line(lattice)).connection();
  }

  @Test
  void aProcessTrustsWhomItsHostTrusts() {
    Tls pinned = new Tls.PinnedCa(new Fingerprint("ab".repeat(32)));
    Tls file = new Tls.CaFile(dir.resolve("ca.pem"));
    assertThat(told(PLAIN.with(pinned)).tls()).isEqualTo(pinned);
    assertThat(told(PLAIN.with(file)).tls()).isEqualTo(file);
    assertThat(told(PLAIN).tls()).isEqualTo(Tls.ByUrl.BY_URL);
    // others do not know the fields, and see none where there is nothing to say
    assertThat(new String(Base64.getDecoder().decode(line(PLAIN)), StandardCharsets.UTF_8))
        .doesNotContain("wattle");
  }

  @Test
  void aProcessProvesItselfAsItsHostDoes() throws Exception {
    Path creds = dir.resolve("user.creds");
    Files.writeString(
        creds,
        """
        -----BEGIN NATS USER JWT-----
        eyJ0eXAi.Oi.JKV1Q
        ------END NATS USER JWT------

        ************************* IMPORTANT *************************
        -----BEGIN USER NKEY SEED-----
        SUAEXAMPLE
        ------END USER NKEY SEED------
        """);
    assertThat(told(PLAIN.with(new Credentials.CredsFile(creds))).credentials())
        .isEqualTo(new Credentials.JwtSeed("eyJ0eXAi.Oi.JKV1Q", "SUAEXAMPLE"));
    Credentials user = new Credentials.UserPassword("a b", "p@:/");
    assertThat(told(PLAIN.with(user)).credentials()).isEqualTo(user);
    Path none = Files.writeString(dir.resolve("none.creds"), "nothing");
    assertThatThrownBy(() -> line(PLAIN.with(new Credentials.CredsFile(none))))
        .isInstanceOf(LatticeException.class)
        .hasMessageContaining("none.creds")
        .hasMessageContaining("expected");
  }
}
