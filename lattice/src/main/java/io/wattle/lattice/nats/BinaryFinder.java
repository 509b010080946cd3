package io.wattle.lattice.nats;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks for a {@code nats-server}, and fetches one into the cache when there is none. */
final class BinaryFinder {
  /** The version that is fetched. */
  static final NatsVersion WANTED = new NatsVersion(2, 14, 5);

  private static final String NAME = "nats-server";
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  private final Path cache;
  private final Consumer<String> progress;
  private final Map<String, String> environment;
  private final List<String> tried = new ArrayList<>();

  BinaryFinder(Path cache, Consumer<String> progress, Map<String, String> environment) {
    this.cache = cache;
    this.progress = progress;
    this.environment = environment;
  }

  NatsServerBinary find() throws IOException, InterruptedException {
    String named = System.getProperty("wattle.nats.server", environment.get("WATTLE_NATS_SERVER"));
    if (named != null && !named.isBlank()) {
      return probe(Path.of(named), "WATTLE_NATS_SERVER")
          .orElseThrow(
              () ->
                  new IOException(
                      "WATTLE_NATS_SERVER: " + named + " (expected: a nats-server that runs)"));
    }
    Optional<NatsServerBinary> found = newestFound();
    if (found.isPresent() && found.get().version().canSyncAlways()) {
      return found.get();
    }
    found.ifPresent(
        old -> progress.accept("found " + old.path() + ", version " + old.version() + ": old"));
    return fetchLocked(found);
  }

  private NatsServerBinary fetchLocked(Optional<NatsServerBinary> old)
      throws IOException, InterruptedException {
    Files.createDirectories(cache);
    ONE_AT_A_TIME.lockInterruptibly();
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("lock of " + cache + " is not valid");
      }
      Optional<NatsServerBinary> meanwhile = newestFound();
      if (meanwhile.isPresent() && meanwhile.get().version().canSyncAlways()) {
        return meanwhile.get();
      }
      return fetch(old);
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  private NatsServerBinary fetch(Optional<NatsServerBinary> old)
      throws IOException, InterruptedException {
    List<BinarySource> sources = new ArrayList<>();
    sources.add(new UpstreamRelease());
    sources.add(new GoInstall());
    if (old.isEmpty()) {
      sources.add(new DebianPackage());
    }
    for (BinarySource source : sources) {
      Path work = Files.createTempDirectory(cache, "fetch-");
      try {
        progress.accept("getting nats-server: " + source.describe());
        Path there = cache.resolve(NAME + "-" + source.key());
        Files.move(
            source.fetch(work),
            there,
            java.nio.file.StandardCopyOption.ATOMIC_MOVE,
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Optional<NatsServerBinary> binary = probe(there, source.describe());
        if (binary.isPresent()) {
          progress.accept("nats-server " + binary.get().version() + " is at " + there);
          return binary.get();
        }
        note(source.describe() + ": what came does not run");
      } catch (IOException e) {
        note(source.describe() + ": " + e.getMessage());
      } finally {
        deleteTree(work);
      }
    }
    return old.orElseThrow(
        () ->
            new IOException(
                "no nats-server: none on the PATH; "
                    + String.join("; ", tried)
                    + ". Install nats-server 2.10 or later, or name one with WATTLE_NATS_SERVER"));
  }

  private void note(String failure) {
    tried.add(failure);
    progress.accept(failure);
  }

  private Optional<NatsServerBinary> newestFound() throws InterruptedException {
    List<NatsServerBinary> found = new ArrayList<>();
    for (Path candidate : candidates()) {
      probe(candidate, candidate.startsWith(cache) ? "cache" : "found").ifPresent(found::add);
    }
    return found.stream().max(Comparator.comparing(NatsServerBinary::version));
  }

  private List<Path> candidates() {
    List<Path> candidates = new ArrayList<>();
    for (String dir : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!dir.isBlank()) {
        candidates.add(Path.of(dir, NAME));
      }
    }
    goBin().ifPresent(bin -> candidates.add(bin.resolve(NAME)));
    if (Files.isDirectory(cache)) {
      try (Stream<Path> files = Files.list(cache)) {
        files.filter(f -> f.getFileName().toString().startsWith(NAME)).forEach(candidates::add);
      } catch (IOException e) {
        note("cache " + cache + ": " + e.getMessage());
      }
    }
    return candidates.stream().filter(Files::isRegularFile).filter(Files::isExecutable).toList();
  }

  private Optional<Path> goBin() {
    @Nullable String bin = environment.get("GOBIN");
    if (bin != null && !bin.isBlank()) {
      return Optional.of(Path.of(bin));
    }
    @Nullable String path = environment.get("GOPATH");
    if (path != null && !path.isBlank()) {
      return Optional.of(Path.of(path.split(File.pathSeparator)[0], "bin"));
    }
    @Nullable String home = environment.get("HOME");
    return home == null ? Optional.empty() : Optional.of(Path.of(home, "go", "bin"));
  }

  private Optional<NatsServerBinary> probe(Path path, String source) throws InterruptedException {
    try {
      String said = Command.run(Duration.ofSeconds(30), null, path.toString(), "--version");
      return Optional.of(new NatsServerBinary(path, NatsVersion.in(said), source));
    } catch (IOException | IllegalArgumentException e) {
      progress.accept(path + " does not run: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static void deleteTree(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        file.toFile().setWritable(true);
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      root.toFile().deleteOnExit();
    }
  }
}
