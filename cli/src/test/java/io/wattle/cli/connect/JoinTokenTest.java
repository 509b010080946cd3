package io.wattle.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ExitCode;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.tls.Fingerprint;
import io.wattle.lattice.tls.Tls;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JoinTokenTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Fingerprint AUTHORITY = new Fingerprint("0f".repeat(32));
  private static final JoinToken TOKEN =
      new JoinToken(
          List.of("10.0.0.5:4222", "[fd00::5]:4222"),
          AUTHORITY,
          "wattle",
          "se cret",
          "default",
          NOW.plusSeconds(60));

  @Test
  void carriesAllThatIsNeeded() throws Exception {
    assertThat(JoinToken.parse(TOKEN.text(), NOW)).isEqualTo(TOKEN);
    LatticeOptions options = TOKEN.options();
    assertThat(options.url()).isEqualTo("tls://10.0.0.5:4222,tls://[fd00::5]:4222");
    assertThat(options.tls()).isEqualTo(new Tls.PinnedCa(AUTHORITY));
    assertThat(TOKEN.toString()).doesNotContain("se cret");
  }

  @Test
  void blanksFromATerminalDoNoHarm() throws Exception {
    String text = TOKEN.text();
    String wrapped = " " + text.substring(0, 80) + "\n  " + text.substring(80) + "\n";
    assertThat(JoinToken.parse(wrapped, NOW)).isEqualTo(TOKEN);
  }

  @Test
  void whatIsWrongIsSaidAndTheTokenIsNotRepeated() {
    String text = TOKEN.text();
    for (int length = "wattle1.".length(); length < text.length(); length++) {
      assertThat(refusal(text.substring(0, length))).contains("not whole");
    }
    char[] changed = text.toCharArray();
    changed[40] = changed[40] == 'A' ? 'B' : 'A';
    assertThat(refusal(new String(changed))).contains("not whole");
    assertThat(refusal("wattle2." + text.substring(8))).contains("version 2", "same release");
    assertThat(refusal("hunter2")).contains("wattle1.").doesNotContain("hunter2");
  }

  @Test
  void endsWithItsCertificates() {
    CommandException ended =
        catchThrowableOfType(
            CommandException.class,
            () -> JoinToken.parse(TOKEN.text(), TOKEN.validUntil().plusSeconds(1)));
    assertThat(ended.getMessage()).contains("ended at 2026-01-02T03:05:05Z");
    assertThat(ended.hint()).contains("wattle token");
  }

  private static String refusal(String text) {
    CommandException refusal =
        catchThrowableOfType(CommandException.class, () -> JoinToken.parse(text, NOW));
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE);
    return String.valueOf(refusal.getMessage());
  }
}
