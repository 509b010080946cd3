package io.wattle.chaos;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.lattice.nats.NatsServerBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real servers with {@code compose/nats.conf} become one cluster with JetStream; only the
 * ports and the folder are other ones here.
 */
@EnabledOnOs(OS.LINUX)
final class ComposeNatsTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int SERVERS = 3;

  @TempDir Path folder;

  @Test
  void threeServersAreACluster() throws Exception {
    Path binary =
        NatsServerBinary.find(NatsServerBinary.defaultCache(), System.err::println).path();
    List<Integer> ports = Ports.free(3 * SERVERS);
    List<Integer> monitors = ports.subList(SERVERS, 2 * SERVERS);
    List<Integer> routes = ports.subList(2 * SERVERS, 3 * SERVERS);
    List<Process> servers = new ArrayList<>();
    try {
      for (int i = 0; i < SERVERS; i++) {
        servers.add(start(binary, i, ports.get(i), monitors.get(i), routes));
      }
      for (int monitor : monitors) {
        String url = "http://127.0.0.1:" + monitor;
        await()
            .atMost(LONG)
            .ignoreExceptions()
            .until(() -> Web.get(url + "/healthz?js-enabled-only=true").status() == 200);
        await()
            .atMost(LONG)
            .ignoreExceptions()
            .until(
                () ->
                    new ObjectMapper()
                            .readTree(Web.get(url + "/jsz").is(200).body())
                            .at("/meta_cluster/cluster_size")
                            .asInt()
                        == SERVERS);
      }
    } finally {
      servers.forEach(Process::destroy);
      for (Process server : servers) {
        if (!server.waitFor(10, TimeUnit.SECONDS)) {
          server.destroyForcibly();
        }
      }
    }
    Proved.that("three servers with compose/nats.conf are one cluster with JetStream");
  }

  private Process start(Path binary, int number, int port, int monitor, List<Integer> routes)
      throws IOException {
    String config =
        Files.readString(Repository.folder().resolve("compose/nats.conf"))
            .replace("http_port: 8222", "http_port: " + monitor)
            .replace("port: 4222", "port: " + port)
            .replace("port: 6222", "port: " + routes.get(number))
            .replace("store_dir: /data", "store_dir: \"" + folder.resolve("data-" + number) + '"');
    Path file = Files.writeString(folder.resolve("nats-" + number + ".conf"), config);
    ProcessBuilder builder =
        new ProcessBuilder(
                binary.toString(), "--config", file.toString(), "--name", "nats-" + number)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nats-" + number + ".log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("NATS_USER", "wattle");
    environment.put("NATS_PASSWORD", "w00");
    environment.put("NATS_CLUSTER_PASSWORD", "w11");
    for (int i = 0; i < SERVERS; i++) {
      environment.put("NATS_ROUTE_" + (i + 1), "nats-route://route:w11@127.0.0.1:" + routes.get(i));
    }
    return builder.start();
  }
}
