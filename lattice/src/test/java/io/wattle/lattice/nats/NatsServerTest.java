package io.wattle.lattice.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.kv.Bucket;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.testing.NatsForTests;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("A script that is written while another thread starts a process cannot be run at once.")
class NatsServerTest {
  @TempDir Path directory;
  private static NatsServerBinary binary;

  @BeforeAll
  static void find() throws IOException, InterruptedException {
    binary = NatsForTests.binary();
  }

  private static LatticeOptions options(NatsServer server) {
    return LatticeOptions.of(server.url(), "default").with(server.credentials());
  }

  @Test
  void startsOnLoopbackWithJetStreamForThoseWhoKnowThePassword() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (NatsServer server = NatsServer.start(binary, NatsServer.Options.in(directory))) {
      server.onExit(ended::countDown);
      assertThat(server.url()).startsWith("nats://127.0.0.1:");
      assertThat(server.syncsAlways()).isTrue();
      try (LatticeConnection connection = LatticeConnection.connect(options(server))) {
        assertThat(connection.requireJetStream().getStreams()).isZero();
      }
      LatticeOptions anonymous = LatticeOptions.of(server.url(), "default");
      assertThatThrownBy(() -> LatticeConnection.connect(anonymous))
          .extracting(e -> ((LatticeException) e).kind())
          .isEqualTo(LatticeException.Kind.NOT_ALLOWED);
      server.stop();
      assertThat(server.isAlive()).isFalse();
      assertThat(ended.await(90, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("nats-server.conf"))))
        .isEqualTo("rw-------");
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
    NatsServer first = NatsServer.start(binary, NatsServer.Options.in(directory));
    try (LatticeConnection connection = LatticeConnection.connect(options(first))) {
      Bucket bucket = Bucket.open(connection, "B", BucketOptions.DEFAULT);
      bucket.put("k", "v".getBytes(UTF_8));
      first.kill();
    }
    NatsServer.Options again = first.options().withPort(first.port());
    try (NatsServer second = NatsServer.start(binary, again);
        LatticeConnection connection = LatticeConnection.connect(options(second))) {
      assertThat(second.port()).isEqualTo(first.port());
      Bucket bucket = Bucket.open(connection, "B", BucketOptions.DEFAULT);
      assertThat(bucket.get("k").orElseThrow().value()).isEqualTo("v".getBytes(UTF_8));
    }
  }

  @Test
  void theExecutableMayHaveAnyName() throws Exception {
    Path renamed = directory.resolve("nats-server-2.x-go");
    Files.copy(binary.path(), renamed, StandardCopyOption.COPY_ATTRIBUTES);
    NatsServerBinary other = new NatsServerBinary(renamed, binary.version(), "test");
    try (NatsServer server =
        NatsServer.start(other, NatsServer.Options.in(directory.resolve("data")))) {
      assertThat(server.port()).isPositive();
    }
  }

  @Test
  void saysWhoHasThePort() throws Exception {
    try (NatsServer first = NatsServer.start(binary, NatsServer.Options.in(directory))) {
      NatsServer.Options same =
          NatsServer.Options.in(directory.resolve("other")).withPort(first.port());
      assertThatThrownBy(() -> NatsServer.start(binary, same))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "port "
                  + first.port()
                  + " at 127.0.0.1 is taken by a nats-server "
                  + binary.version()
                  + " named wattle: stop that, or choose another port");
    }
  }

  @Test
  void aBinaryThatRefusesIsQuoted() throws Exception {
    Path script = script("2.14.5", "echo 'nats-server: no good' ; exit 1");
    NatsServerBinary bad = new NatsServerBinary(script, new NatsVersion(2, 14, 5), "test");
    assertThatThrownBy(() -> NatsServer.start(bad, NatsServer.Options.in(directory)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not start: nats-server: no good; its log is");
  }

  @Test
  void itDiesWithAParentThatIsKilled() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Parent.class.getName(),
            directory.toString());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process parent = builder.start();
    try (BufferedReader said = parent.inputReader()) {
      ProcessHandle server = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
      assertThat(server.isAlive()).isTrue();
      parent.destroyForcibly().waitFor();
      await().atMost(Duration.ofSeconds(90)).until(() -> !server.isAlive());
    }
    try (NatsServer next = NatsServer.start(binary, NatsServer.Options.in(directory))) {
      assertThat(next.isAlive()).isTrue();
    }
  }

  /** Starts a server and waits to be killed. */
  static final class Parent {
    public static void main(String[] args) throws Exception {
      NatsServer server =
          NatsServer.start(NatsForTests.binary(), NatsServer.Options.in(Path.of(args[0])));
      System.out.println(server.pid());
      new CountDownLatch(1).await();
    }
  }

  @Test
  void onlyServersThatKnowItAreToldToSyncAlways() throws Exception {
    for (String version : new String[] {"2.9.10", "2.10.0", "2.14.5"}) {
      NatsServerBinary some =
          new NatsServerBinary(Path.of("x"), NatsVersion.in("v" + version), "test");
      NatsServer.Options options =
          NatsServer.Options.in(directory).withCredentials(new Credentials.Token("a\"b"));
      ServerFiles.writeConfig(some, options);
      String config = Files.readString(directory.resolve("nats-server.conf"));
      assertThat(config.contains("sync_interval: always")).isEqualTo(!version.startsWith("2.9"));
      assertThat(config).contains("token: \"a\\\"b\"").contains("port: -1");
    }
  }

  private Path script(String version, String body) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("bin-" + version));
    Path script = folder.resolve("nats-server");
    Files.writeString(
        script,
        "#!/bin/sh\n[ \"$1\" = --version ] && { echo nats-server: v"
            + version
            + "; exit; }\n"
            + body
            + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  @Test
  void theNewestThatIsThereIsTaken() throws Exception {
    Path older = script("2.10.1", "");
    Path newer = script("2.11.0", "");
    Path oldest = script("2.9.10", "");
    String path = older.getParent() + ":" + newer.getParent() + ":" + oldest.getParent();
    Path cache = directory.resolve("cache");
    BinaryFinder finder = new BinaryFinder(cache, text -> {}, java.util.Map.of("PATH", path));
    assertThat(finder.find().path()).isEqualTo(newer);
    Files.createDirectories(cache);
    Files.copy(
        script("2.12.3", ""),
        cache.resolve("nats-server-2.12.3-release"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    assertThat(finder.find().version()).isEqualTo(new NatsVersion(2, 12, 3));
    BinaryFinder named =
        new BinaryFinder(
            cache,
            text -> {},
            java.util.Map.of("PATH", path, "WATTLE_NATS_SERVER", oldest.toString()));
    assertThat(named.find().version().canSyncAlways()).isFalse();
    BinaryFinder wrong =
        new BinaryFinder(cache, text -> {}, java.util.Map.of("WATTLE_NATS_SERVER", "/no/such"));
    assertThatThrownBy(wrong::find)
        .hasMessage("WATTLE_NATS_SERVER: /no/such (expected: a nats-server that runs)");
  }

  @Test
  void readsVersions() {
    assertThat(NatsVersion.in("nats-server: v2.14.5")).hasToString("2.14.5");
    assertThat(NatsVersion.in("nats-server: v2.10.7-beta.1").canSyncAlways()).isTrue();
    assertThat(GoInstall.goVersion("go version go1.26.8 linux/amd64"))
        .isEqualTo(new NatsVersion(1, 26, 0));
    assertThat(GoInstall.goVersion("go version devel +abc")).isEqualTo(new NatsVersion(0, 0, 0));
  }
}
