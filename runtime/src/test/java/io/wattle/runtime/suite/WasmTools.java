package io.wattle.runtime.suite;

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
 * The converter from the suite's text to binaries: {@code wasm-tools json-from-wast}. One version
 * only, because it has to know exactly the syntax of the suite's commit.
 */
record WasmTools(Path executable) {
  static final String VERSION = "1.258.0";
  private static final long INSTALL_MINUTES = 30;

  /** None can be had; the message says what was tried. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  /**
   * What the property {@code wattle.wasm-tools} names; else one of this version in our cache, on
   * the PATH or in Cargo's folder; else what Cargo builds into the cache, which takes minutes of
   * processor time, once for a machine.
   */
  static WasmTools find() throws Unavailable, IOException, InterruptedException {
    String named = System.getProperty("wattle.wasm-tools");
    if (named != null) {
      return new WasmTools(Path.of(named));
    }
    Path home = Path.of(System.getProperty("user.home"));
    Path cache = cache(home);
    List<Path> places = new ArrayList<>(List.of(cache.resolve("bin")));
    places.addAll(path());
    places.add(home.resolve(".cargo").resolve("bin"));
    for (Path place : places) {
      Path candidate = place.resolve("wasm-tools");
      if (Files.isExecutable(candidate) && VERSION.equals(version(candidate))) {
        return new WasmTools(candidate);
      }
    }
    return new WasmTools(install(home, cache));
  }

  private static Path cache(Path home) {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base = xdg == null || xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg);
    return base.resolve("wattle").resolve("wasm-tools-" + VERSION);
  }

  private static List<Path> path() {
    String path = System.getenv("PATH");
    return path == null
        ? List.of()
        : List.of(path.split(File.pathSeparator)).stream().map(Path::of).toList();
  }

  private static String version(Path candidate) throws IOException, InterruptedException {
    Result answer = run(List.of(candidate.toString(), "--version"), 1);
    String[] words = answer.output().strip().split("\\s+");
    return answer.ok() && words.length > 1 ? words[1] : "";
  }

  private static Path install(Path home, Path cache)
      throws Unavailable, IOException, InterruptedException {
    Optional<Path> cargo =
        Stream.concat(path().stream(), Stream.of(home.resolve(".cargo").resolve("bin")))
            .map(place -> place.resolve("cargo"))
            .filter(Files::isExecutable)
            .findFirst();
    if (cargo.isEmpty()) {
      throw new Unavailable(
          "neither wasm-tools " + VERSION + " nor cargo to build it is on this machine");
    }
    Files.createDirectories(cache);
    Path executable = cache.resolve("bin").resolve("wasm-tools");
    // Two builds at once must not write the same folder; whoever waited finds it done.
    try (FileChannel lock =
            FileChannel.open(
                cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = lock.lock()) {
      if (!held.isValid() || Files.isExecutable(executable)) {
        return executable;
      }
      System.out.println("building wasm-tools " + VERSION + " with cargo into " + cache);
      Result built =
          run(
              List.of(
                  cargo.get().toString(),
                  "install",
                  "--locked",
                  "--quiet",
                  // Unoptimised: a third of the time to build, and fast enough for the suite.
                  "--debug",
                  "wasm-tools",
                  "--version",
                  VERSION,
                  "--no-default-features",
                  "--features",
                  "json-from-wast",
                  "--root",
                  cache.toString()),
              INSTALL_MINUTES);
      if (!built.ok() || !Files.isExecutable(executable)) {
        throw new Unavailable("cargo could not build wasm-tools " + VERSION + ": " + built.output);
      }
    }
    return executable;
  }

  /** Converts a script into commands and binaries in {@code folder}: the file of commands. */
  Path convert(Path script, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path commands = folder.resolve("commands.json");
    Result converted =
        run(
            List.of(
                executable.toString(),
                "json-from-wast",
                "--wasm-dir",
                folder.toString(),
                "-o",
                commands.toString(),
                script.toString()),
            2);
    if (!converted.ok()) {
      throw new IOException(script + " could not be converted: " + converted.output);
    }
    return commands;
  }

  private record Result(boolean ok, String output) {}

  private static Result run(List<String> command, long minutes)
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
      Process process = builder.start();
      boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
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
