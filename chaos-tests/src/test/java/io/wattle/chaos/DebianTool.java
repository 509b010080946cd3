package io.wattle.chaos;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of a Debian package that needs no other: of the PATH, or unpacked into a cache. */
final class DebianTool {
  private DebianTool() {}

  /** Where it is; the message of the exception says why it is nowhere. */
  static Path find(String packageName, String program) throws IOException, InterruptedException {
    for (String dir : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path candidate = Path.of(dir, program);
      if (!dir.isBlank() && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    Path cache = cache().resolve(packageName);
    Files.createDirectories(cache);
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      Path unpacked = cache.resolve("unpacked");
      Path found = unpacked.resolve("usr/bin").resolve(program);
      if (!lock.isValid() || !Files.isExecutable(found)) {
        unpack(packageName, cache, unpacked);
      }
      if (!Files.isExecutable(found)) {
        throw new IOException("no " + program + " in package " + packageName);
      }
      return found;
    }
  }

  private static void unpack(String packageName, Path cache, Path unpacked)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(cache, "fetch-");
    try {
      run(work, "apt-get", "download", packageName);
      List<Path> archives;
      try (Stream<Path> files = Files.list(work)) {
        archives = files.filter(file -> file.toString().endsWith(".deb")).toList();
      }
      if (archives.isEmpty()) {
        throw new IOException("apt-get brought no package " + packageName);
      }
      Path fresh = work.resolve("fresh");
      run(work, "dpkg-deb", "-x", archives.getFirst().toString(), fresh.toString());
      delete(unpacked);
      Files.move(fresh, unpacked, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(work);
    }
  }

  private static void run(Path where, String... command) throws IOException, InterruptedException {
    Path output = where.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(
          String.join(" ", command) + " failed: " + Files.readString(output).strip());
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Path cache() {
    String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path base = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return base.resolve("wattle");
  }
}
