package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * A lattice of containers: NATS, a control plane and two hosts, each alone with its own address,
 * from an image of what is on this machine. Skipped where no Docker engine answers.
 */
@EnabledOnOs(OS.LINUX)
final class ContainersTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int WEB = 8080;

  @TempDir Path folder;

  @Test
  void aLatticeOfContainersServesAndLosesAHost() throws Exception {
    assumeTrue(
        System.getenv().getOrDefault("DOCKER_HOST", "unix:").startsWith("unix:"),
        "skipped: the Docker engine is on another machine");
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(), "skipped: no Docker engine answers");
    ImageFromDockerfile image = MachineImage.make(folder);
    try (Network network = Network.newNetwork();
        GenericContainer<?> nats =
            container(image, network, "nats", ".*Server is ready.*", 4222)
                .withCommand(
                    "nats-server", "-js", "-sd", "/tmp/js", "--user", "wattle", "--pass", "w0");
        GenericContainer<?> plane =
            wattle(image, network, "plane", ".*control plane is ready.*", "control-plane");
        GenericContainer<?> edge =
            wattle(
                    image,
                    network,
                    "edge",
                    ".* is ready in lattice.*",
                    "host",
                    "--label",
                    "edge=true")
                .withExposedPorts(WEB);
        GenericContainer<?> other =
            wattle(
                image, network, "other", ".* is ready in lattice.*", "host", "--name", "other")) {
      try {
        nats.start();
      } catch (ContainerLaunchException e) {
        abort("skipped: this Docker engine does not run a container of ours: " + e);
      }
      for (GenericContainer<?> part : List.of(plane, edge, other)) {
        part.start();
      }
      String lattice = "nats://wattle:w0@" + nats.getHost() + ":" + nats.getMappedPort(4222);
      String manifest = Manifests.write(folder, "containers.yaml", Map.of("port", WEB));
      wattle(lattice, "app", "deploy", manifest, "--timeout", "120");
      assertThat(running(lattice)).as("hosts that run the component").isEqualTo(2);

      String url = "http://" + edge.getHost() + ":" + edge.getMappedPort(WEB) + "/a";
      for (int count = 1; count <= 10; count++) {
        assertThat(Web.get(url).is(200).body()).isEqualTo("a: " + count + "\n");
      }

      other.getDockerClient().killContainerCmd(other.getContainerId()).exec();
      await().atMost(LONG).until(() -> wattle(lattice, "get", "hosts").path("hosts").size() == 1);
      await().atMost(LONG).until(() -> status(lattice).equals("deployed"));
      assertThat(Web.get(url).is(200).body()).as("after the loss").isEqualTo("a: 11\n");
      Proved.that(
          "NATS, a control plane and two hosts in containers; counts on when a host is killed");
    }
  }

  private static GenericContainer<?> container(
      ImageFromDockerfile image, Network network, String name, String ready, int... ports) {
    return new GenericContainer<>(image)
        .withNetwork(network)
        .withNetworkAliases(name)
        .withExposedPorts(Arrays.stream(ports).boxed().toArray(Integer[]::new))
        .waitingFor(Wait.forLogMessage(ready, 1).withStartupTimeout(LONG));
  }

  private static GenericContainer<?> wattle(
      ImageFromDockerfile image, Network network, String name, String ready, String... command) {
    List<String> arguments = new ArrayList<>(Arrays.asList(command));
    arguments.addAll(List.of("--nats-url", "nats://wattle:w0@nats:4222"));
    return container(image, network, name, ready)
        .withCommand(MachineImage.wattle(arguments.toArray(String[]::new)));
  }

  private static int running(String lattice) throws IOException {
    int hosts = 0;
    for (JsonNode host : wattle(lattice, "get", "inventory").path("inventories")) {
      hosts += host.path("components").isEmpty() ? 0 : 1;
    }
    return hosts;
  }

  private static String status(String lattice) throws IOException {
    return wattle(lattice, "app", "status", "containers").at("/status/status/type").asText();
  }

  private static JsonNode wattle(String lattice, String... command) throws IOException {
    List<String> arguments = new ArrayList<>(Arrays.asList(command));
    arguments.addAll(List.of("--nats-url", lattice, "-o", "json"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Main.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    assertThat(exit).as("%s: %s%s", arguments, out, err).isZero();
    return new ObjectMapper().readTree(out.toString());
  }
}
