package io.wattle.runtime.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where the suite's scripts are. */
record SuiteFolder(Path folder) {
  /** The commit of the component model whose tests these are. */
  static final String COMMIT = "6d281648bd89caf885a7adcc412962dbd2425ab7";

  private static final String ORIGIN = "https://github.com/WebAssembly/component-model";

  /**
   * What the property {@code wattle.suite} names; else the folder {@code shared} beside the
   * repository; else the commit, fetched into {@code target}.
   */
  static SuiteFolder find() throws IOException, InterruptedException {
    String named = System.getProperty("wattle.suite");
    if (named != null) {
      return checked(Path.of(named));
    }
    Path shared = Path.of("..", "..", "shared", "suites", "component-model");
    if (Files.isDirectory(shared)) {
      return checked(shared);
    }
    Path clone = Path.of("target", "component-model");
    if (!Files.isDirectory(clone.resolve("test"))) {
      git(clone, "init", "--quiet");
      git(clone, "fetch", "--quiet", "--depth", "1", ORIGIN, COMMIT);
      git(clone, "checkout", "--quiet", "FETCH_HEAD");
    }
    return checked(clone.resolve("test"));
  }

  private static void git(Path where, String... arguments)
      throws IOException, InterruptedException {
    Files.createDirectories(where);
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of("git"), Stream.of(arguments)).toList())
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("git " + String.join(" ", arguments) + " failed");
    }
  }

  private static SuiteFolder checked(Path folder) throws IOException {
    SuiteFolder found = new SuiteFolder(folder);
    if (found.scripts().isEmpty()) {
      throw new IOException(folder + " has no scripts (expected: the suite's *.wast)");
    }
    return found;
  }

  /** All scripts, as paths below the folder, in order. */
  List<String> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(folder, 4)) {
      return files
          .filter(file -> file.toString().endsWith(".wast"))
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }
}
