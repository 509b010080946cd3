package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.nats.NatsServerBinary;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** NATS that is not there, that goes away and comes back, and that has no JetStream. */
@EnabledOnOs(OS.LINUX)
final class NatsTroubleTest {
  private static final Duration BACK = Duration.ofSeconds(90);

  @Test
  void unreachableAtStart() throws Exception {
    try (Wattle wattle = Wattle.withHeap("256m")) {
      String url = "nats://127.0.0.1:" + Ports.free();
      Outcome up = wattle.run("up", "-o", "json", "--nats-url", url).exits(5);
      assertThat(up.failure()).contains(url.substring("nats://".length()));
      Outcome list = wattle.run("app", "list", "-o", "json", "--nats-url", url).exits(5);
      assertThat(list.failure()).contains(url.substring("nats://".length()));
      assertThat(list.took()).isLessThan(Duration.ofSeconds(60));
      wattle.processes().assertGone();
      Proved.that("NATS not reached: exit 5, %s", up.failure());
    }
  }

  @Test
  void withoutJetStream() throws Exception {
    try (Wattle wattle = Wattle.withHeap("256m")) {
      int port = Ports.free();
      Process server = plainServer(wattle, port);
      try {
        Outcome up =
            wattle.run("up", "-o", "json", "--nats-url", "nats://127.0.0.1:" + port).exits(5);
        assertThat(up.failure()).containsIgnoringCase("jetstream");
        Proved.that("JetStream off: %s", up.failure());
      } finally {
        server.destroyForcibly().waitFor();
      }
      wattle.processes().assertGone();
    }
  }

  private static Process plainServer(Wattle wattle, int port)
      throws IOException, InterruptedException {
    NatsServerBinary binary =
        NatsServerBinary.find(NatsServerBinary.defaultCache(), System.out::println);
    File log = wattle.folder().resolve("plain-nats.log").toFile();
    Process server =
        new ProcessBuilder(
                binary.path().toString(), "-a", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    await().atMost(Duration.ofSeconds(60)).until(() -> accepts(port));
    return server;
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void goneWhileRunningAndBack() throws Exception {
    try (Wattle wattle = Wattle.withHeap("512m");
        HttpClient client = Web.client()) {
      int port = Ports.free();
      int helloPort = Ports.free();
      wattle.up(
          Manifests.write(wattle.folder(), "counter.yaml", Map.of("port", port)),
          Manifests.write(wattle.folder(), "hello.yaml", Map.of("port", helloPort, "app", "hi")));
      String counter = "http://127.0.0.1:" + port + "/a";
      String hello = "http://127.0.0.1:" + helloPort + "/";
      assertThat(Web.get(counter).is(200).body()).isEqualTo("a: 1\n");

      pausedServer(wattle, client, hello, counter);
      long afterPause = awaitCount(client, counter, 1);
      killedServer(wattle, client, hello);
      long afterKill = awaitCount(client, counter, afterPause);
      Proved.that(
          "hello answered while NATS stood still and was dead; the counter went on at %d and %d",
          afterPause, afterKill);
    }
  }

  private static void pausedServer(Wattle wattle, HttpClient client, String hello, String counter)
      throws Exception {
    ProcessHandle nats = wattle.processes().natsServer();
    MarkedProcesses.signal(nats, "STOP");
    try {
      for (int i = 0; i < 20; i++) {
        Web.get(client, hello, Duration.ofSeconds(30)).is(200);
      }
      Web.Reply refused = Web.get(client, counter, Duration.ofMinutes(2));
      assertThat(refused.status()).as(refused::toString).isIn(500, 503, 504);
      Proved.that(
          "while NATS stood still the counter said within %d ms: %d %s",
          refused.took().toMillis(), refused.status(), refused.body().strip());
    } finally {
      MarkedProcesses.signal(nats, "CONT");
    }
  }

  private static void killedServer(Wattle wattle, HttpClient client, String hello)
      throws Exception {
    ProcessHandle nats = wattle.processes().natsServer();
    assertThat(nats.destroyForcibly()).isTrue();
    for (int i = 0; i < 20; i++) {
      Web.get(client, hello, Duration.ofSeconds(30)).is(200);
    }
  }

  /** The counter works again soon, above what it had acknowledged. */
  private static long awaitCount(HttpClient client, String url, long above) {
    return await()
        .atMost(BACK)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              Web.Reply reply = Web.get(client, url, Duration.ofSeconds(30));
              return reply.status() == 200
                  ? Long.parseLong(reply.body().strip().substring("a: ".length()))
                  : -1;
            },
            count -> count > above);
  }
}
