package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two JVMs with one folder of compiled modules that has room for one, in which bytes flip: each
 * answers right, whatever the other one stores, throws out or finds damaged.
 */
@Timeout(300)
class CacheOfTwoProcessesTest {
  private static final int ROUNDS = 10;
  private static final long ROOM = 20_000;

  @TempDir Path parent;

  /** One of the processes: the folder, and how much room there is. */
  static final class User {
    private User() {}

    public static void main(String[] args) throws Exception {
      System.out.println("ready");
      var _ = System.in.read(); // the other one is ready, too
      for (int round = 0; round < ROUNDS; round++) {
        use(Path.of(args[0]), Long.parseLong(args[1]));
      }
      System.out.println("done");
    }
  }

  /** Compiles or loads three modules in an engine of its own; how many were loaded. */
  private static long use(Path folder, long room) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    EngineOptions options = EngineOptions.defaults().withCache(folder, room).withMeters(meters);
    try (CoreEngine engine = Engines.endive(options);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      Guests.compile(engine, "provider");
      Guests.compile(engine, "user");
      CoreInstance state = store.instantiate(Guests.compile(engine, "state"), CoreImports.NONE);
      if (Guests.call(state, "call", 1) != 2 || Guests.call(state, "load", 16) != 0x69746361L) {
        throw new IllegalStateException("a wrong answer");
      }
      return meters.get("wattle.engine.cache.load").timer().count();
    }
  }

  @Test
  void bothAnswerRightWhileBytesFlip() throws Exception {
    Path folder = parent.resolve("modules");
    List<Process> users = new ArrayList<>();
    try {
      for (String name : List.of("a", "b")) {
        users.add(start(folder, parent.resolve(name)));
      }
      for (String name : List.of("a", "b")) {
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> Files.readString(parent.resolve(name)).contains("ready"));
      }
      for (Process user : users) {
        user.outputWriter().write("go\n");
        user.outputWriter().close();
      }
      Random random = new Random(1);
      while (users.stream().anyMatch(Process::isAlive)) {
        flip(folder, random);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
      for (String name : List.of("a", "b")) {
        assertThat(parent.resolve(name)).content().contains("done");
      }
      assertThat(users).allMatch(user -> user.exitValue() == 0);
    } finally {
      users.forEach(Process::destroyForcibly);
    }
    use(folder, 1 << 30); // what is damaged is replaced
    assertThat(use(folder, 1 << 30)).isEqualTo(3);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).hasSize(3).allMatch(path -> path.toString().endsWith(".module"));
    }
  }

  private static Process start(Path folder, Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            // part of the cache's key
            ModuleCompiler.LIMIT == ModuleCompiler.LARGEST
                ? "-XX:+DontCompileHugeMethods"
                : "-XX:-DontCompileHugeMethods",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            User.class.getName(),
            folder.toString(),
            Long.toString(ROOM))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Changes a bit of one of the files that are there, in place. */
  private static void flip(Path folder, Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    } catch (NoSuchFileException e) {
      return; // nobody has made the folder yet
    }
    if (files.isEmpty()) {
      return;
    }
    Path file = files.get(random.nextInt(files.size()));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      long at = random.nextLong(Math.max(1, channel.size()));
      if (channel.read(one, at) == 1) {
        var _ = channel.write(one.put(0, (byte) (one.get(0) ^ 1)).flip(), at);
      }
    } catch (NoSuchFileException e) {
      // One of them has replaced it or thrown it out.
    }
  }
}
