package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamInfo;
import io.wattle.cli.connect.JoinToken;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.nats.NatsServerBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** docs/three-machines.md, as it stands there: a NATS cluster, three hosts, two control planes. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ThreeMachinesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int HTTP = 8080;

  private final List<Process> servers = new ArrayList<>();
  private final List<Wattle> wattles = new ArrayList<>();
  private final List<JoinedHost> hosts = new ArrayList<>();
  private final List<Wattle.Running> controlPlanes = new ArrayList<>();
  private Namespaces machines;
  private String token;

  @BeforeAll
  void start() throws Exception {
    Namespaces.assumeAvailable();
    machines = Namespaces.create(3);
    for (Machine machine : machines.machines()) {
      wattles.add(Wattle.on(machine, "256m"));
    }
    Wattle first = wattles.getFirst();
    Path out = first.folder().resolve("cluster");
    List<String> command = new ArrayList<>(List.of("cluster", "--out", out.toString()));
    machines.machines().forEach(machine -> command.add(machine.address()));
    first.run(command.toArray(String[]::new)).exits(0);
    token = Files.readString(out.resolve("token")).strip();
    for (Machine machine : machines.machines()) {
      servers.add(natsServer(machine, out.resolve(machine.address())));
    }
    List<String> names = List.of("one", "two", "three");
    for (int i = 0; i < names.size(); i++) {
      hosts.add(JoinedHost.start(wattles.get(i), names.get(i), token));
    }
    for (Wattle wattle : wattles.subList(0, 2)) {
      controlPlanes.add(
          wattle.start("control-plane", "-o", "json", "--join", JoinTest.tokenFile(wattle, token)));
    }
    hosts.forEach(JoinedHost::awaitReady);
    for (Wattle.Running controlPlane : controlPlanes) {
      await()
          .alias("a control plane is ready")
          .atMost(PATIENCE)
          .until(() -> Files.readString(controlPlane.out()).contains("\"success\" : true"));
    }
  }

  private static Process natsServer(Machine machine, Path folder)
      throws IOException, InterruptedException {
    Path binary =
        NatsServerBinary.find(NatsServerBinary.defaultCache(), System.out::println).path();
    return new ProcessBuilder(machine.command(List.of(binary.toString(), "-c", "nats-server.conf")))
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  @AfterAll
  void stop() throws Exception {
    try {
      for (JoinedHost host : hosts) {
        host.kill();
      }
      for (Wattle.Running controlPlane : controlPlanes) {
        controlPlane.process().destroyForcibly().waitFor();
      }
      for (Process server : servers) {
        server.destroyForcibly().waitFor();
      }
      for (Wattle wattle : wattles) {
        wattle.close();
      }
    } finally {
      if (machines != null) {
        machines.close();
      }
    }
  }

  @Test
  void aMachineMayGo() throws Exception {
    Wattle second = wattles.get(1);
    String manifest = Repository.manifest("three-machines.yaml");
    String join = JoinTest.tokenFile(second, token);
    second.run("app", "deploy", manifest, "--join", join).exits(0);
    for (int count = 1; count <= 3; count++) {
      assertThat(count(machines.machine(count))).isEqualTo(count);
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(copies()).as("copies of each stream").isNotEmpty().containsOnly(3));

    servers.get(2).destroyForcibly().waitFor();
    controlPlanes.getFirst().process().destroyForcibly().waitFor();

    await()
        .alias("the store goes on with two servers of three")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> count(machines.machine(2)) > 3);
    await()
        .alias("the other control plane does the work")
        .atMost(PATIENCE)
        .until(
            () ->
                second
                        .run(
                            "app",
                            "deploy",
                            Manifests.write(
                                second.folder(),
                                "hello.yaml",
                                Map.of("app", "hello", "port", HTTP + 1)),
                            "--join",
                            join)
                        .exit()
                    == 0);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () ->
                Web.get("http://" + machines.machine(1).address() + ":" + HTTP + "/").status()
                    == 200);
    Proved.that(
        "of three NATS servers and two control planes one each was killed: counts go on, with"
            + " nothing lost, and a second application was deployed");
  }

  private static int count(Machine machine) throws Exception {
    String body = Web.get("http://" + machine.address() + ":" + HTTP + "/").is(200).body().strip();
    return Integer.parseInt(body.substring(body.lastIndexOf(' ') + 1));
  }

  private List<Integer> copies() throws Exception {
    try (LatticeConnection connection =
        LatticeConnection.connect(JoinToken.parse(token, Instant.now()).options())) {
      JetStreamManagement management =
          connection.nats().jetStreamManagement(connection.jetStreamOptions());
      return management.getStreams().stream()
          .map(StreamInfo::getConfiguration)
          .map(configuration -> configuration.getReplicas())
          .toList();
    }
  }
}
