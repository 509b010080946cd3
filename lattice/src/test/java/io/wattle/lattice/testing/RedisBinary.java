package io.wattle.lattice.testing;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A {@code redis-server} that runs: the one of the PATH, else the distribution's package with what
 * it needs, unpacked into a cache without being installed.
 *
 * @param executable the program
 * @param libraries where its libraries are, empty for the system's
 */
public record RedisBinary(Path executable, Optional<Path> libraries) {
  private static final Duration FETCH = Duration.ofMinutes(2);
  private static final String PACKAGE = "redis-tools"; // the server is in there, too

  /** Finds or fetches one; says why there is none. */
  public static RedisBinary find() throws IOException, InterruptedException {
    for (String dir : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path candidate = Path.of(dir, "redis-server");
      if (!dir.isBlank() && Files.isExecutable(candidate)) {
        return new RedisBinary(candidate, Optional.empty());
      }
    }
    return fetch(cache());
  }

  /** The cached one, fetched when there is none. */
  static RedisBinary fetch(Path cache) throws IOException, InterruptedException {
    Files.createDirectories(cache);
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      Path unpacked = cache.resolve("unpacked");
      Optional<RedisBinary> found = in(unpacked);
      if (found.isPresent() && lock.isValid()) {
        return found.get();
      }
      for (String name : missingPackages()) {
        unpack(name, cache, unpacked);
      }
      return in(unpacked)
          .orElseThrow(() -> new IOException("no redis-server that runs in package " + PACKAGE));
    }
  }

  /** A process that runs it. */
  ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    libraries.ifPresent(
        path -> builder.environment().merge("LD_LIBRARY_PATH", path.toString(), (a, b) -> b));
    return builder;
  }

  private static Optional<RedisBinary> in(Path unpacked) throws IOException, InterruptedException {
    Path usr = unpacked.resolve("usr");
    // In some releases redis-server is a link to one of these, which tell by their names.
    Path check = usr.resolve("bin/redis-check-rdb");
    if (!Files.isRegularFile(check)) {
      return Optional.empty();
    }
    Path server = usr.resolve("bin/redis-server");
    if (!Files.exists(server)) {
      Files.copy(check, server);
      server.toFile().setExecutable(true);
    }
    try (Stream<Path> files = Files.walk(usr.resolve("lib"))) {
      Optional<Path> libraries =
          files.filter(f -> f.toString().contains(".so")).map(Path::getParent).findFirst();
      RedisBinary binary = new RedisBinary(server, libraries);
      run(binary.process(List.of(server.toString(), "--version")), Duration.ofSeconds(60));
      return Optional.of(binary);
    } catch (java.nio.file.NoSuchFileException e) {
      return Optional.of(new RedisBinary(server, Optional.empty()));
    }
  }

  private static Set<String> missingPackages() throws IOException, InterruptedException {
    Set<String> wanted = new LinkedHashSet<>(List.of(PACKAGE));
    List<String> open = new ArrayList<>(wanted);
    while (!open.isEmpty()) {
      String text = run(new ProcessBuilder("apt-cache", "depends", open.removeFirst()), FETCH);
      text.lines()
          .map(String::strip)
          .filter(line -> line.startsWith("Depends: "))
          .map(line -> line.substring("Depends: ".length()))
          .filter(name -> !name.startsWith("<") && !isInstalled(name))
          .filter(wanted::add)
          .forEach(open::add);
    }
    return wanted;
  }

  private static boolean isInstalled(String name) {
    try {
      String status = run(new ProcessBuilder("dpkg-query", "-W", "-f=${Status}", name), FETCH);
      return status.contains("install ok installed");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void unpack(String name, Path cache, Path unpacked)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(cache, "fetch-");
    run(new ProcessBuilder("apt-get", "download", name).directory(work.toFile()), FETCH);
    try (Stream<Path> files = Files.list(work)) {
      for (Path archive : files.toList()) {
        run(new ProcessBuilder("dpkg-deb", "-x", archive + "", unpacked + ""), FETCH);
        Files.delete(archive);
      }
    }
    Files.delete(work);
  }

  private static String run(ProcessBuilder builder, Duration within)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("wattle-redis-", ".out");
    try {
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
      String said = Files.readString(output).strip();
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", builder.command()) + " failed: " + said);
      }
      return said;
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static Path cache() {
    Map<String, String> env = System.getenv();
    String xdg = env.getOrDefault("XDG_CACHE_HOME", "");
    Path base = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return base.resolve("wattle").resolve("redis-server");
  }
}
