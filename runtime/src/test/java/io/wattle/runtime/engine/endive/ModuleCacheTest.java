package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.endive.compiler.internal.Compiler;

/** Compiled modules come back from disk, or are compiled again; nothing in between. */
class ModuleCacheTest {
  @TempDir Path parent;

  private Path directory() {
    return parent.resolve("modules");
  }

  private record Counts(long compiled, long loaded) {}

  /** Compiles "state" in an engine of its own and proves that it works. */
  private Counts run(long capacity) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    EngineOptions options =
        EngineOptions.defaults().withCache(directory(), capacity).withMeters(meters);
    try (CoreEngine engine = Engines.endive(options);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreModule module = Guests.compile(engine, "state");
      CoreInstance instance = store.instantiate(module, CoreImports.NONE);
      assertThat(Guests.call(instance, "call", 1)).isEqualTo(2);
      assertThat(Guests.call(instance, "load", 16)).isEqualTo(0x69746361L);
      Guests.call(instance, "init_table");
      assertThat(module.exports()).hasSize(14);
    }
    return new Counts(
        meters.get("wattle.engine.compile").timer().count(),
        meters.get("wattle.engine.cache.load").timer().count());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory())) {
      return all.toList();
    }
  }

  @Test
  void theSecondEngineLoads() throws IOException {
    assertThat(run(1 << 30)).isEqualTo(new Counts(1, 0));
    assertThat(run(1 << 30)).isEqualTo(new Counts(0, 1));
    assertThat(files()).hasSize(1);
  }

  @Test
  void aFlippedByteAnywhereMeansCompilingAgain() throws IOException {
    run(1 << 30);
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    for (int at : List.of(0, 20, 40, 50, 120, good.length / 2, good.length - 1)) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      Files.write(file, bad);
      assertThat(run(1 << 30)).as("byte %d", at).isEqualTo(new Counts(1, 0));
      assertThat(Files.readAllBytes(file)).isEqualTo(good);
    }
  }

  @Test
  void aTruncatedOrEmptyFileMeansCompilingAgain() throws IOException {
    run(1 << 30);
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    for (int length : List.of(0, 10, 47, 48, good.length - 1)) {
      Files.write(file, java.util.Arrays.copyOf(good, length));
      assertThat(run(1 << 30)).as("%d bytes", length).isEqualTo(new Counts(1, 0));
    }
  }

  @Test
  void whatAnotherJdkOrEngineCompiledIsNotTaken() throws IOException {
    ModuleCache cache = new ModuleCache(directory(), 1 << 30, InstantSource.system());
    ModuleCache.Entry entry = new ModuleCache.Entry(new byte[] {1}, Set.of(), Map.of());
    cache.store("module jdk 25", entry);
    assertThat(cache.load("module jdk 25")).isNotNull();
    assertThat(cache.load("module jdk 26")).isNull();
    Path moved = files().getFirst();
    cache.store("module jdk 26", entry);
    Path target = files().stream().filter(p -> !p.equals(moved)).findFirst().orElseThrow();
    Files.move(moved, target, StandardCopyOption.REPLACE_EXISTING);
    assertThat(cache.load("module jdk 26")).isNull();
  }

  @Test
  void classesThatDoNotLoadMeanCompilingAgain() throws IOException {
    ModuleCache cache = new ModuleCache(directory(), 1 << 30, InstantSource.system());
    String key = Translator.key(Hashes.sha256(Guests.wasm("state")), false);
    Map<String, byte[]> classes = Map.of(Compiler.DEFAULT_CLASS_NAME, new byte[] {1, 2, 3});
    cache.store(key, new ModuleCache.Entry(Guests.wasm("state"), Set.of(), classes));
    assertThat(run(1 << 30)).isEqualTo(new Counts(1, 0));
    assertThat(run(1 << 30)).isEqualTo(new Counts(0, 1));
  }

  @Test
  void onlyTheUserMayEnter() throws IOException {
    Files.createDirectories(directory());
    Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
    run(1 << 30);
    assertThat(Files.getPosixFilePermissions(directory()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(files().getFirst()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  /** Only root can even try. */
  @Test
  void anotherUsersDirectoryIsNotTaken() throws IOException {
    Files.createDirectories(directory());
    try {
      Files.setAttribute(directory(), "unix:uid", 65_533);
    } catch (IOException e) {
      assumeTrue(false, "directories cannot be given away here: " + e);
    }
    assertThatThrownBy(() -> new ModuleCache(directory(), 1 << 30, InstantSource.system()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it belongs to");
    run(1 << 30);
    assertThat(files()).isEmpty();
  }

  @Test
  void whatWasUsedLongestAgoGoesFirst() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Set<Path> kept;
    EngineOptions all = EngineOptions.defaults().withCache(directory(), 1 << 30).withMeters(meters);
    try (CoreEngine engine = Engines.endive(all)) {
      Guests.compile(engine, "provider");
      Path oldest = files().getFirst();
      Files.setLastModifiedTime(oldest, java.nio.file.attribute.FileTime.fromMillis(1000));
      Guests.compile(engine, "user");
      kept = new java.util.HashSet<>(files());
      kept.remove(oldest);
    }
    long bytes = 0;
    for (Path path : kept) {
      bytes += Files.size(path);
    }
    EngineOptions bounded = EngineOptions.defaults().withCache(directory(), bytes + 100);
    try (CoreEngine engine = Engines.endive(bounded)) {
      Guests.compile(engine, "start");
    }
    assertThat(files()).hasSizeLessThanOrEqualTo(2);
    long total = 0;
    for (Path path : files()) {
      total += Files.size(path);
    }
    assertThat(total).isLessThanOrEqualTo(bytes + 100);
  }

  @Test
  void itIsNeverFullerThanItMayBe() throws IOException {
    long capacity = 50_000;
    ModuleCache cache = new ModuleCache(directory(), capacity, InstantSource.system());
    ModuleCache.Entry entry = new ModuleCache.Entry(new byte[1_000], Set.of(), Map.of());
    for (int i = 0; i < 200; i++) {
      cache.store("module " + i, entry);
      long total = 0;
      for (Path path : files()) {
        total += Files.size(path);
      }
      assertThat(total).as("after %d modules", i + 1).isBetween(1_000L, capacity);
    }
    assertThat(cache.load("module 199")).isNotNull();
    assertThat(cache.load("module 0")).isNull();
  }

  @Test
  void whatAKilledProcessDidNotFinishGoesWhenItIsOld() throws IOException {
    Files.createDirectories(directory());
    Path left = Files.write(directory().resolve("new-1.tmp"), new byte[10]);
    Files.setLastModifiedTime(left, java.nio.file.attribute.FileTime.fromMillis(1000));
    Path underWay = Files.write(directory().resolve("new-2.tmp"), new byte[10]);
    ModuleCache cache = new ModuleCache(directory(), 1 << 30, InstantSource.system());
    cache.store("module", new ModuleCache.Entry(new byte[1], Set.of(), Map.of()));
    assertThat(left).doesNotExist();
    assertThat(underWay).exists();
  }

  @Test
  void manyEnginesAtOnceShareADirectory() throws IOException {
    List<CompletableFuture<Counts>> runs = new ArrayList<>();
    IntStream.range(0, 6).forEach(i -> runs.add(CompletableFuture.supplyAsync(() -> run(1 << 30))));
    for (CompletableFuture<Counts> run : runs) {
      Counts counts = run.join();
      assertThat(counts.compiled + counts.loaded).isEqualTo(1);
    }
    assertThat(files()).hasSize(1);
    assertThat(run(1 << 30)).isEqualTo(new Counts(0, 1));
  }
}
