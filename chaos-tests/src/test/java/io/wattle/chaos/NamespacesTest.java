package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The machines that other tests rely on. */
@EnabledOnOs(OS.LINUX)
@Isolated("Whoever makes namespaces sweeps up what it leaves about on purpose.")
final class NamespacesTest {
  private static final int PORT = 8000;
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path empty;

  @BeforeEach
  void available() throws InterruptedException {
    Namespaces.assumeAvailable();
  }

  @Test
  void machinesReachOneAnotherAndAreCutOff() throws Exception {
    try (Namespaces namespaces = Namespaces.create(2)) {
      Machine one = namespaces.machine(1);
      Machine two = namespaces.machine(2);
      Process server = webServer(two);
      await().atMost(SOON).until(() -> reachedFromHere(two));
      await().alias("the other machine").atMost(SOON).until(() -> reached(one, two));

      two.cut();
      assertThat(reached(one, two)).as("a machine that is cut off").isFalse();
      two.heal();
      await().atMost(SOON).until(() -> reached(one, two));
      assertThat(server.isAlive()).isTrue();
    }
  }

  @Test
  void nothingStaysBehind() throws Exception {
    Process server;
    Machine machine;
    try (Namespaces namespaces = Namespaces.create(1)) {
      machine = namespaces.machine(1);
      server = webServer(machine);
      await().atMost(SOON).until(() -> reachedFromHere(machine));
    }
    await().atMost(SOON).until(() -> !server.isAlive());
    assertThat(Ip.run("netns list")).doesNotContain(machine.namespace());
    assertThat(Ip.run("netns list")).doesNotContain(machine.switchNamespace());
  }

  @Test
  void whatAKilledTestLeftIsRemoved() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    String left = Namespaces.PREFIX + dead.pid() + "-1-1";
    Ip.run("netns add " + left);
    Process inside = new ProcessBuilder("ip", "netns", "exec", left, "sleep", "600").start();
    await().atMost(SOON).until(() -> !Ip.run("netns pids " + left).isBlank());

    Namespaces.create(1).close();

    assertThat(Ip.run("netns list")).doesNotContain(left);
    await().atMost(SOON).until(() -> !inside.isAlive());
  }

  private Process webServer(Machine machine) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(java, "-m", "jdk.httpserver", "-b", machine.address(), "-p", "" + PORT);
    return new ProcessBuilder(machine.command(command))
        .directory(empty.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static boolean reached(Machine from, Machine to)
      throws IOException, InterruptedException {
    String connect = "exec 3<>/dev/tcp/" + to.address() + "/" + PORT;
    List<String> command = List.of("timeout", "3", "bash", "-c", connect);
    return new ProcessBuilder(from.command(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static boolean reachedFromHere(Machine to) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(to.address(), PORT), 3000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
