package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.control.StopProvider;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** Providers that are their own processes, started by the launch contract. */
@Isolated("A script that is written while another thread starts a process cannot be run at once.")
class ExternalProviderTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  ExternalProviderTest() {
    super(NATS);
  }

  @Test
  void aProviderProcessServesIsRestartedWhenItDiesAndEndsWithItsHost() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "counter", "http-counter", 5);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "counter") + "n";
    lattice.control.putConfig("kv", Map.of("bucket", "own", "enable_bucket_auto_create", "true"));
    lattice.control.putLink(
        Link.of("counter", "kv", "wasi", "keyvalue", "store", "atomics")
            .withConfigs(List.of(), List.of("kv")));
    Path program = program("kv", java() + " keyvalue-nats");
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), "kv", "file://" + program));
    await()
        .atMost(PATIENCE)
        .until(() -> lattice.events(LatticeEvent.ProviderStarted.class).size() == 2);
    assertThat(lattice.events(LatticeEvent.ProviderStarted.class).getLast().imageRef())
        .isEqualTo(program.toString());
    assertThat(inventory(host).extra()).containsEntry("wattle_process", BooleanNode.TRUE);
    await().atMost(PATIENCE).until(() -> web.get(url).statusCode() == 200);
    String last = web.get(url).body().strip();
    assertThat(last).startsWith("n: ");

    ProcessHandle first = process().orElseThrow();
    assertThat(first.destroyForcibly()).isTrue();
    await()
        .atMost(PATIENCE)
        .until(() -> !lattice.events(LatticeEvent.HealthCheckFailed.class).isEmpty());
    LatticeEvent.HealthCheckFailed failed =
        lattice.events(LatticeEvent.HealthCheckFailed.class).getFirst();
    assertThat(failed.providerId()).isEqualTo("kv");
    assertThat(String.valueOf(failed.extra().get("wattle_problem")))
        .contains("signal 9")
        .contains("next start in 1000 ms");
    await()
        .atMost(PATIENCE)
        .until(() -> !lattice.events(LatticeEvent.HealthCheckPassed.class).isEmpty());
    assertThat(process().orElseThrow().pid()).isNotEqualTo(first.pid());
    assertThat(inventory(host).extra()).containsEntry("wattle_restarts", IntNode.valueOf(1));
    await().atMost(PATIENCE).until(() -> web.get(url).statusCode() == 200);
    long before = Long.parseLong(last.substring(3));
    assertThat(Long.parseLong(web.get(url).body().strip().substring(3))).isGreaterThan(before + 1);

    ProcessHandle second = process().orElseThrow();
    lattice.control.stopProvider(host.id(), new StopProvider("kv", host.id()));
    await()
        .atMost(PATIENCE)
        .until(() -> lattice.events(LatticeEvent.ProviderStopped.class).size() == 1);
    await().atMost(PATIENCE).until(() -> !second.isAlive());
    assertThat(lattice.control.inventory(host.id()).providers()).hasSize(1);
  }

  @Test
  void noCallFailsWhileAProcessTakesAProvidersPlaceAndIsSwapped() throws Exception {
    Host host = lattice.host();
    lattice.scale(host, "counter", "http-counter", 10);
    lattice.awaitEvent(LatticeEvent.ComponentScaled.class, 1);
    String url = lattice.serve(host, "counter") + "n";
    lattice.keyValue(host, "counter");
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), "kv2", "ghcr.io/wasmcloud/keyvalue-nats:0.3.1"));
    lattice.awaitEvent(LatticeEvent.ProviderStarted.class, 3);
    Path program = program("kv", java() + " keyvalue-nats");
    try (Load load = new Load(web, url, 3)) {
      load.awaitMore();
      lattice.control.startProvider(
          host.id(), StartProvider.of(host.id(), "kv", "file://" + program).replacing());
      await()
          .atMost(PATIENCE)
          .until(() -> lattice.events(LatticeEvent.ProviderStarted.class).size() == 4);
      assertThat(inventory(host).extra()).containsEntry("wattle_process", BooleanNode.TRUE);
      load.awaitMore();
      for (String target : List.of("kv2", "kv", "kv2")) {
        lattice.control.replaceLink(
            Link.of("counter", target, "wasi", "keyvalue", "store", "atomics")
                .withConfigs(List.of(), List.of("kv")));
        load.awaitMore();
      }
      List<String> answers = load.end();
      assertThat(load.failures()).isEmpty();
      assertThat(answers.stream().map(a -> Long.parseLong(a.substring(3))).sorted())
          .isEqualTo(LongStream.rangeClosed(1, answers.size()).boxed().toList());
    }
    assertThat(lattice.events(LatticeEvent.ProviderStopped.class)).isEmpty();
  }

  @Test
  void clientMessagesAndBlobsAreServedByProcesses() throws Exception {
    Host host = lattice.host();
    for (String kind : List.of("http-client", "messaging-nats", "blobstore-fs")) {
      Path program = program(kind, java() + " " + kind);
      lattice.control.startProvider(
          host.id(), StartProvider.of(host.id(), kind, "file://" + program));
    }
    String tools = serve(host, "http-toolbox");
    String messenger = serve(host, "messenger");
    String blobs = serve(host, "http-blobs");
    Path root = dir.resolve("blobs");
    lattice.control.putConfig("root", Map.of("root", root.toString()));
    lattice.control.putConfig("orders", Map.of("subscriptions", "orders.*|workers"));
    lattice.control.putLink(
        Link.of("http-toolbox", "http-client", "wasi", "http", "outgoing-handler"));
    lattice.control.putLink(
        Link.of("messenger", "messaging-nats", "wasmcloud", "messaging", "consumer"));
    lattice.control.putLink(
        Link.of("messaging-nats", "messenger", "wasmcloud", "messaging", "handler")
            .withConfigs(List.of("orders"), List.of()));
    lattice.control.putLink(
        Link.of("http-blobs", "blobstore-fs", "wasi", "blobstore", "blobstore")
            .withConfigs(List.of(), List.of("root")));

    String out = tools + "outgoing?url=" + tools;
    await().atMost(PATIENCE).until(() -> web.get(out + "status?code=203").statusCode() == 203);
    String body = "x".repeat(300_000);
    assertThat(web.post(out + "echo", body).body()).isEqualTo(body);
    assertThat(web.get(tools + "outgoing?url=http://127.0.0.1:1/").body())
        .contains("ConnectionRefused");

    String order = messenger + "request?subject=orders.new";
    await().atMost(PATIENCE).until(() -> web.post(order, "hello").body().equals("HELLO"));
    assertThat(web.post(messenger + "request?subject=nobody", "x").body())
        .contains("nobody: nobody listens there");

    await().atMost(PATIENCE).until(() -> web.send("PUT", blobs + "c", "").equals("c"));
    assertThat(web.send("PUT", blobs + "c/a/b", body)).isEqualTo("wrote 300000");
    assertThat(root.resolve("c/a/b")).hasContent(body);
    assertThat(web.get(blobs + "c/a/b").body()).isEqualTo(body);
    assertThat(web.get(blobs + "c/a/b?start=5&end=4").body()).contains("start 5 is behind end 4");
    assertThat(
            lattice.control.inventory(host.id()).providers().stream()
                .filter(provider -> provider.extra().containsKey("wattle_process")))
        .hasSize(3);
  }

  private String serve(Host host, String guest) throws Exception {
    lattice.scale(host, guest, guest, 5);
    return lattice.serve(host, guest);
  }

  @Test
  void aProgramThatEndsInsteadOfServingIsSaidWithItsLastWords() throws Exception {
    Host host = lattice.host();
    Path program = program("broken", "sh -c 'echo no such thing; exit 3'");
    lattice.control.startProvider(host.id(), StartProvider.of(host.id(), "x", "file://" + program));
    assertThat(lattice.awaitEvent(LatticeEvent.ProviderStartFailed.class, 1).error())
        .contains(program.toString())
        .contains("ended with 3")
        .contains("no such thing");
    lattice.control.startProvider(
        host.id(), StartProvider.of(host.id(), "x", "file://" + dir.resolve("none")));
    assertThat(lattice.awaitEvent(LatticeEvent.ProviderStartFailed.class, 2).error())
        .contains("no executable file there");
    assertThat(lattice.control.inventory(host.id()).providers()).isEmpty();
  }

  @Test
  void aProgramGetsNothingOfTheHostsEnvironmentAndNoArguments() throws Exception {
    Host host = lattice.host();
    Path program = program("nosy", "sh -c 'echo arguments: \"$#\" home: \"$HOME\"; exit 4'");
    lattice.control.startProvider(host.id(), StartProvider.of(host.id(), "x", "file://" + program));
    assertThat(lattice.awaitEvent(LatticeEvent.ProviderStartFailed.class, 1).error())
        .contains("arguments: 0 home: ")
        .doesNotContain(System.getProperty("user.home"));
  }

  @Test
  void aHostWithManySilentProcessesAnswersAllTheSame() throws Exception {
    Host host = lattice.host();
    Path program = program("silent", "sleep 600");
    int many = 2 * Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < many; i++) {
      lattice.control.startProvider(
          host.id(), StartProvider.of(host.id(), "silent-" + i, "file://" + program));
    }
    await().atMost(PATIENCE).until(() -> sleeping().size() == many);
    assertThat(lattice.control.inventory(host.id()).hostId()).isEqualTo(host.id());
    sleeping().forEach(ProcessHandle::destroyForcibly);
    assertThat(lattice.awaitEvent(LatticeEvent.ProviderStartFailed.class, many).error())
        .contains("was killed by signal 9");
  }

  private static List<ProcessHandle> sleeping() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("sleep"))
        .toList();
  }

  private Path program(String name, String command) throws Exception {
    Path program = dir.resolve(name);
    Files.writeString(program, "#!/bin/sh\nexec " + command + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java")
        + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m -cp "
        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
        + " "
        + ProviderMain.class.getName();
  }

  private ProviderDescription inventory(Host host) throws Exception {
    return lattice.control.inventory(host.id()).providers().stream()
        .filter(provider -> provider.id().equals("kv"))
        .findFirst()
        .orElseThrow();
  }

  /** The provider's: no other process that a test starts is a JVM. */
  private static Optional<ProcessHandle> process() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .findFirst();
  }
}
