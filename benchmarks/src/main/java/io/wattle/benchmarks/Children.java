package io.wattle.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** JVMs of their own, with the flags that {@code ./wattle} gives to what runs guests. */
final class Children {
  /** What a line begins with that is meant for the parent; others are the log. */
  static final String SAID = "said: ";

  private Children() {}

  /** Tells the parent. */
  static void say(String line) {
    System.out.println(SAID + line);
  }

  /** The wasmtime to compare with: what {@code WASMTIME} names, else the one on PATH. */
  static String wasmtime() {
    return System.getenv().getOrDefault("WASMTIME", "wasmtime");
  }

  /** Whether there is such a command. */
  static boolean answers(String command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a main class to its end; the lines it said. */
  static List<String> run(List<String> flags, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return run(flags, System.getProperty("java.class.path"), main, arguments);
  }

  /**
   * As above, with the classes and the AOT cache that {@code ./wattle} made of its last build. Only
   * the benchmark's own classes stand behind those on the class path.
   */
  static List<String> fromCache(Path root, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Path work = root.resolve("cli/target/wattle");
    Path built = work.resolve(Files.readString(work.resolve("built")).strip());
    Path cache = built.resolve("long.aot");
    if (!Files.exists(cache)) {
      throw new IOException(cache + " is not there (./wattle makes it after a build)");
    }
    return run(
        List.of("-XX:MaxRAMPercentage=50", "-XX:AOTCache=" + cache),
        built.resolve("wattle.jar") + File.pathSeparator + own(),
        main,
        arguments);
  }

  private static String own() {
    return Path.of(Children.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .toString();
  }

  /** What starts such a JVM. */
  static List<String> command(List<String> flags, Class<?> main, String... arguments) {
    return command(flags, System.getProperty("java.class.path"), main, arguments);
  }

  private static List<String> command(
      List<String> flags, String classPath, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xms64m",
            "-XX:-DontCompileHugeMethods",
            "-XX:-ClipInlining",
            "-XX:MaxTrivialSize=40",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TrimNativeHeapInterval=5000"));
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> run(
      List<String> flags, String classPath, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(flags, classPath, main, arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      List<String> lines = process.inputReader().readAllLines();
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(main.getSimpleName() + " ended with " + code + ": " + lines);
      }
      return lines.stream()
          .filter(line -> line.startsWith(SAID))
          .map(line -> line.substring(SAID.length()))
          .toList();
    } finally {
      process.destroyForcibly();
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
