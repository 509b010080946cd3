package io.wattle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What scripts rely on: exit codes, one envelope on stdout, no traces. */
final class CommandLineTest {
  @TempDir Path folder;

  private static Said wattle(String... args) {
    return Said.by(args);
  }

  @Test
  void versionAndHelpGoToStdout() {
    assertThat(wattle("--version").out()).startsWith("wattle ");
    Said help = wattle("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("app", "up", "down", "Exit codes").doesNotContain("warm-up");
    assertThat(help.out())
        .containsSubsequence(
            "Run a lattice:",
            "  up ",
            "Applications:",
            "  app ",
            "See what happens:",
            "  get ",
            "Change it by hand:",
            "  label ",
            "Components:",
            "  call ",
            "Exit codes:");
  }

  @Test
  void everyCommandHasHelp() {
    for (CommandLine command : all(WattleCommand.commandLine())) {
      String name = command.getCommandSpec().qualifiedName();
      assertThat(command.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
      command
          .getCommandSpec()
          .args()
          .forEach(arg -> assertThat(arg.description()).as(name + " " + arg).isNotEmpty());
    }
  }

  private static List<CommandLine> all(CommandLine root) {
    List<CommandLine> all = new ArrayList<>(List.of(root));
    root.getSubcommands().values().forEach(command -> all.addAll(all(command)));
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nosuch",
        "app",
        "get nosuch",
        "scale component a",
        "up --hosts 0",
        "app undeploy"
      })
  void usageErrorsExitWithTwo(String line) {
    Said said = wattle(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).startsWith("error: ").doesNotContain("\tat ");
  }

  @Test
  void aUsageErrorIsAnEnvelopeToo() throws IOException {
    Said said = wattle("-o", "json", "get", "nosuch");

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.json().path("success").asBoolean(true)).isFalse();
    assertThat(said.json().at("/error/kind").asText()).isEqualTo("usage");
  }

  @Test
  void aLatticeThatIsNotThereExitsWithFive() throws IOException {
    Said said = wattle("get", "hosts", "-p", Integer.toString(freePort()), "-o", "json");

    assertThat(said.exitCode()).isEqualTo(5);
    assertThat(said.json().at("/error/kind").asText()).isEqualTo("unreachable");
    assertThat(said.err()).isEmpty();
  }

  @Test
  void keysKeepTheirOrder() throws IOException {
    List<String> keys = new ArrayList<>();
    wattle("completion", "bash", "-o", "json").json().fieldNames().forEachRemaining(keys::add);

    assertThat(keys).containsExactly("success", "shell", "script");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nope.yaml", "nope.json", "./nope", "dir/nope"})
  void aMistypedFileIsNotTakenForAName(String file) {
    Said said = wattle("app", "deploy", file);

    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains("no such file: " + file);
  }

  @Test
  void validateShowsEveryProblemAndFails() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bad.yaml"),
            """
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata:
              name: bad
            spec:
              components:
                - name: a
                  type: actr
                  properties:
                    image: file://a.wasm
                  traits:
                    - type: spreadscaler
                      properties:
                        instances: -1
            """);

    Said text = wattle("app", "validate", file.toString());
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.err())
        .contains(":8:13: error: spec.components[0].type", "actr", ":14:24: error:", "-1");

    JsonNode envelope = wattle("app", "validate", file.toString(), "-o", "json").json();
    assertThat(envelope.path("valid").asBoolean(true)).isFalse();
    assertThat(envelope.path("problems")).hasSize(3);
    assertThat(envelope.at("/problems/0/severity").asText()).isEqualTo("warning");
    assertThat(envelope.at("/problems/1/line").asInt()).isEqualTo(8);
    assertThat(envelope.at("/problems/1/expected").asText()).contains("component");
  }

  @Test
  void brokenYamlIsOneProblemWithItsPlace() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.yaml"), "a: [1,\nb: }");

    Said said = wattle("app", "validate", file.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains(":2:").doesNotContain("\tat ");
  }

  @Test
  void upRefusesABrokenManifestBeforeAnythingStarts() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.yaml"), "kind: Application\n");

    Said said = wattle("up", "--nats-port", "0", file.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains("is not a valid manifest").doesNotContain("starting");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
