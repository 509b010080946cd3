package io.wattle.runtime.testing;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of one version that Cargo builds, outside the repository: into the user's cache.
 *
 * @param name of the program
 * @param version that it must have
 * @param crate that holds it
 * @param options of {@code cargo install}
 * @param commands that it must know, as words: one that was built with less is built again
 */
public record CargoTool(
    String name, String version, String crate, List<String> options, List<List<String>> commands) {
  private static final long INSTALL_MINUTES = 60;

  /** None can be had; the message says what was tried. */
  public static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  /** What a program said, and whether it ended with 0. */
  public record Result(boolean ok, String output) {}

  /**
   * What the property {@code wattle.NAME} names; else one of this version that knows the commands,
   * in our cache, on the PATH or in Cargo's folder; else what Cargo builds into the cache, which
   * takes minutes of processor time, once for a machine.
   */
  public Path find() throws Unavailable, IOException, InterruptedException {
    String named = System.getProperty("wattle." + name);
    if (named != null) {
      return Path.of(named);
    }
    Path home = Path.of(System.getProperty("user.home"));
    Path cache = cache(home);
    List<Path> places = new ArrayList<>(List.of(cache.resolve("bin")));
    places.addAll(path());
    places.add(home.resolve(".cargo").resolve("bin"));
    for (Path place : places) {
      Path candidate = place.resolve(name);
      if (fits(candidate)) {
        return candidate;
      }
    }
    return install(home, cache);
  }

  private Path cache(Path home) {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base = xdg == null || xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg);
    return base.resolve("wattle").resolve(name + "-" + version);
  }

  private static List<Path> path() {
    String path = System.getenv("PATH");
    return path == null
        ? List.of()
        : List.of(path.split(File.pathSeparator)).stream().map(Path::of).toList();
  }

  private boolean fits(Path candidate) throws IOException, InterruptedException {
    if (!Files.isExecutable(candidate) || !version.equals(versionOf(candidate))) {
      return false;
    }
    for (List<String> command : commands) {
      List<String> asked = new ArrayList<>(List.of(candidate.toString()));
      asked.addAll(command);
      asked.add("--help");
      if (!run(asked, 60).ok()) {
        return false;
      }
    }
    return true;
  }

  private static String versionOf(Path candidate) throws IOException, InterruptedException {
    Result answer = run(List.of(candidate.toString(), "--version"), 60);
    String[] words = answer.output().strip().split("\\s+");
    return answer.ok() && words.length > 1 ? words[1] : "";
  }

  private Path install(Path home, Path cache)
      throws Unavailable, IOException, InterruptedException {
    Optional<Path> cargo =
        Stream.concat(path().stream(), Stream.of(home.resolve(".cargo").resolve("bin")))
            .map(place -> place.resolve("cargo"))
            .filter(Files::isExecutable)
            .findFirst();
    if (cargo.isEmpty()) {
      throw new Unavailable(
          "neither " + name + " " + version + " nor cargo to build it is on this machine");
    }
    Files.createDirectories(cache);
    Path executable = cache.resolve("bin").resolve(name);
    // Two builds at once must not write the same folder; whoever waited finds it done.
    try (FileChannel lock =
            FileChannel.open(
                cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = lock.lock()) {
      if (!held.isValid() || fits(executable)) {
        return executable;
      }
      System.out.println("building " + name + " " + version + " with cargo into " + cache);
      List<String> command =
          new ArrayList<>(List.of(cargo.get().toString(), "install", "--locked", "--quiet", crate));
      command.addAll(List.of("--version", version, "--root", cache.toString()));
      command.addAll(options);
      Result built = run(command, TimeUnit.MINUTES.toSeconds(INSTALL_MINUTES));
      if (!built.ok() || !fits(executable)) {
        throw new Unavailable(
            "cargo could not build " + name + " " + version + ": " + built.output);
      }
    }
    return executable;
  }

  /** Runs a program to its end, for so many seconds at most, without input. */
  public static Result run(List<String> command, long seconds)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("wattle", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
      // Nobody debugs the converter, and its debug information takes long to write.
      builder.environment().put("CARGO_PROFILE_DEV_DEBUG", "0");
      builder.environment().put("RUST_BACKTRACE", "0");
      Process process = builder.start();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      String output = Files.readString(log, StandardCharsets.UTF_8);
      return new Result(ended && process.exitValue() == 0, output);
    } finally {
      Files.deleteIfExists(log);
    }
  }
}
