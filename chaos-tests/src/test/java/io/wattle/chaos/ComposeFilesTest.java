package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.cli.Main;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code compose.yaml} and what belongs to it: that it fits together, and to our commands. */
final class ComposeFilesTest {
  private static final Path ROOT = Repository.folder();

  @TempDir Path folder;

  @Test
  void hasALatticeAndWhatLooksAtIt() throws IOException {
    JsonNode services = yaml("compose.yaml").path("services");
    assertThat(services.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "nats-1",
            "nats-2",
            "nats-3",
            "control-plane",
            "host-1",
            "host-2",
            "host-3",
            "redis",
            "prometheus",
            "grafana");
    assertThat(services)
        .allSatisfy(service -> assertThat(service.path("image").asText()).isNotEmpty());
  }

  @Test
  void publishesOnLoopbackOnly() throws IOException {
    List<String> ports = new ArrayList<>();
    for (JsonNode service : yaml("compose.yaml").path("services")) {
      ports.addAll(texts(service.path("ports")));
    }
    assertThat(ports).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
  }

  @Test
  void holdsNoPassword() throws IOException {
    String text = Files.readString(ROOT.resolve("compose.yaml"));
    assertThat(text.lines().filter(line -> line.matches(".*PASSWORD: .*")))
        .isNotEmpty()
        .allMatch(line -> line.matches(".*: \\$\\{[A-Z_]+:\\?.+}"));
    assertThat(text.lines().filter(line -> line.contains("://") && line.contains("@")))
        .isNotEmpty()
        .allMatch(line -> line.matches(".*://[a-z]+:\\$\\{[A-Z_]+(:\\?[^}]*)?}@.*"));
  }

  @Test
  void mountsFilesThatAreThere() throws IOException {
    JsonNode compose = yaml("compose.yaml");
    List<String> mounts = new ArrayList<>();
    for (JsonNode service : compose.path("services")) {
      mounts.addAll(texts(service.path("volumes")));
    }
    assertThat(mounts).isNotEmpty();
    for (String mount : mounts) {
      String source = mount.substring(0, mount.indexOf(':'));
      if (source.startsWith("./")) {
        assertThat(ROOT.resolve(source)).exists();
      } else {
        assertThat(compose.path("volumes").has(source)).as(source).isTrue();
      }
    }
  }

  @Test
  void itsCommandsAreOurs() throws IOException {
    Map<String, List<String>> commands = ourCommands();
    assertThat(commands).containsOnlyKeys("control-plane", "host-1", "host-2", "host-3");
    for (List<String> command : commands.values()) {
      String help = wattle(0, command.getFirst(), "--help");
      assertThat(command.stream().filter(word -> word.startsWith("--")))
          .as(command.toString())
          .isNotEmpty()
          .allMatch(help::contains);
    }
    assertThat(wattle(0, "host", "--help")).contains("WATTLE_NATS_URL");
    wattle(0, "app", "validate", ROOT.resolve("compose/http-counter.yaml").toString());
  }

  @Test
  void prometheusScrapesTheAdminPorts() throws IOException {
    List<String> wanted = new ArrayList<>();
    ourCommands()
        .forEach(
            (name, command) -> {
              String admin = command.get(command.indexOf("--http-admin") + 1);
              wanted.add(name + admin.substring(admin.lastIndexOf(':')));
            });
    List<String> targets = new ArrayList<>();
    for (JsonNode list : yaml("compose/prometheus.yml").findValues("targets")) {
      targets.addAll(texts(list));
    }
    assertThat(targets).containsExactlyInAnyOrderElementsOf(wanted);
  }

  @Test
  void grafanaFindsItsDashboardAndItsSource() throws IOException {
    String provisioning = "compose/grafana/provisioning/";
    String path =
        yaml(provisioning + "dashboards/wattle.yaml").at("/providers/0/options/path").asText();
    assertThat(texts(yaml("compose.yaml").at("/services/grafana/volumes")))
        .contains("./compose/grafana/dashboards:" + path + ":ro");
    JsonNode source = yaml(provisioning + "datasources/prometheus.yaml").at("/datasources/0");
    assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
    assertThat(Dashboard.read(ROOT).sources()).containsOnly(source.path("uid").asText());
  }

  @Test
  void credentialsAreGeneratedOnceAndForTheirOwner() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("compose"));
    for (String script : List.of("credentials", "nats-url")) {
      Files.copy(
          ROOT.resolve("compose").resolve(script),
          copy.resolve(script),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    run(folder, copy.resolve("credentials").toString());
    Path env = folder.resolve(".env");
    String first = Files.readString(env);
    assertThat(first.lines())
        .hasSize(3)
        .allMatch(line -> line.matches("[A-Z_]+=w[0-9a-f]{32}"))
        .doesNotHaveDuplicates();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
        .isEqualTo("rw-------");
    run(folder, copy.resolve("credentials").toString());
    assertThat(Files.readString(env)).isEqualTo(first);
    assertThat(run(folder, copy.resolve("nats-url").toString()).strip())
        .matches("nats://wattle:w[0-9a-f]{32}@127\\.0\\.0\\.1:4222");
  }

  @Test
  void dockerComposeTakesIt() throws Exception {
    assumeTrue(answers("docker", "compose", "version"), "skipped: there is no `docker compose`");
    run(ROOT, "docker", "compose", "-f", "compose.yaml", "config", "-q");
  }

  /** The commands of the services that run our image, by service. */
  private static Map<String, List<String>> ourCommands() throws IOException {
    Map<String, List<String>> commands = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> service : yaml("compose.yaml").path("services").properties()) {
      if (service.getValue().path("image").asText().equals("wattle")) {
        commands.put(service.getKey(), texts(service.getValue().path("command")));
      }
    }
    return commands;
  }

  private static JsonNode yaml(String file) throws IOException {
    return new ObjectMapper()
        .valueToTree(new Yaml().<Object>load(Files.readString(ROOT.resolve(file))));
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  private static String wattle(int exit, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    assertThat(code).as("wattle %s: %s%s", String.join(" ", args), out, err).isEqualTo(exit);
    return out.toString();
  }

  private static boolean answers(String... command) throws InterruptedException {
    try {
      return start(ROOT, command).waitFor(30, TimeUnit.SECONDS)
          && start(ROOT, command).waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(Path where, String... command) throws Exception {
    Process process = start(where, command);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", Stream.of(command).toList(), said).isZero();
    return said;
  }

  private static Process start(Path where, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"));
    builder.environment().put("PWD", where.toString());
    for (String name : List.of("NATS_PASSWORD", "NATS_CLUSTER_PASSWORD", "GRAFANA_PASSWORD")) {
      builder.environment().put(name, "w0");
    }
    return builder.start();
  }
}
