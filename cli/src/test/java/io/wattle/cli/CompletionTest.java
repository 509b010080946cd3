package io.wattle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion scripts, in a real bash. */
final class CompletionTest {
  @TempDir Path folder;

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    assertThat(complete("wattle", "ge")).containsExactly("get");
    assertThat(complete("wattle", "get", "inv")).contains("inventory");
    assertThat(complete("wattle", "stop", "host", "quiet-reed", "--host-t"))
        .containsExactly("--host-timeout");
  }

  @Test
  void bashCompletesNamesFromTheLattice() throws Exception {
    assertThat(complete("wattle", "label", "")).containsExactly("quiet-reed", "swift-fen");
    assertThat(complete("wattle", "app", "undeploy", "coun")).containsExactly("counter");
    assertThat(complete("wattle", "stop", "component", "c", "--host-id", "s"))
        .containsExactly("swift-fen");
    assertThat(complete("wattle", "config", "put", "")).doesNotContain("quiet-reed");
  }

  @Test
  void zshGetsTheEmulationFirst() {
    assertThat(Said.by("completion", "zsh").out())
        .containsSubsequence("bashcompinit", "_complete_wattle()", "complete -F _wattle_complete");
    assertThat(Said.by("completion", "tcsh").exitCode()).isEqualTo(2);
  }

  /** What bash offers for the last word; {@code wattle names} is answered by a stand-in. */
  private List<String> complete(String... words) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("script"), Said.by("completion", "bash").out());
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path stub = bin.resolve("wattle");
    Files.writeString(
        stub,
        """
        #!/bin/sh
        case "$*" in
          'names hosts') printf 'quiet-reed\\nswift-fen\\n' ;;
          'names apps') printf 'counter\\nhello\\n' ;;
          *) exit 5 ;;
        esac
        """);
    Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwx------"));
    StringBuilder program = new StringBuilder("source '" + script + "'\nCOMP_WORDS=(");
    for (String word : words) {
      program.append('\'').append(word).append("' ");
    }
    program
        .append(")\nCOMP_CWORD=")
        .append(words.length - 1)
        .append("\n_wattle_complete wattle\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--norc", "-c", program.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD); // compopt wants to be called by bash
    builder.environment().merge("PATH", bin.toString(), (path, ours) -> ours + ":" + path);
    Process bash = builder.start();
    bash.getOutputStream().close();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said.lines().filter(line -> !line.isBlank()).map(String::strip).toList();
  }
}
