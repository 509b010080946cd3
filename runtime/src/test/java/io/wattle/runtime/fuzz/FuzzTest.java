package io.wattle.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.component.Seeds;
import io.wattle.runtime.suite.SuiteSeeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs Jazzer in a process of its own, from the same seed each time, so that a build fails for what
 * was changed and not by chance. {@code -Dwattle.fuzz.seconds=3600 -Dwattle.fuzz.seed=7} looks
 * longer and elsewhere; what it finds becomes a file in {@code src/test/resources/fuzz}.
 */
class FuzzTest {
  /** After this it is enough, however little was run: machines differ, and this is every build. */
  private static final int SECONDS = 10;

  private static final Path FOUND = Path.of("src", "test", "resources", "fuzz");

  @Test
  void decoderAndValidator(@TempDir Path corpus, @TempDir Path work) throws Exception {
    List<byte[]> seeds = new ArrayList<>(Seeds.components());
    seeds.addAll(SuiteSeeds.binaries(work));
    fuzz(DecoderTarget.class, corpus, seeds, 10_000);
  }

  @Test
  void canonicalAbi(@TempDir Path corpus) throws Exception {
    fuzz(AbiTarget.class, corpus, Seeds.images(), 3_000);
  }

  @Test
  void whatWasFoundBeforeIsMended() throws IOException {
    if (!Files.isDirectory(FOUND)) {
      return;
    }
    try (var files = Files.list(FOUND)) {
      files.forEach(
          file -> {
            byte[] input = bytes(file);
            DecoderTarget.fuzzerTestOneInput(input);
            AbiTarget.fuzzerTestOneInput(input);
          });
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fuzz(Class<?> target, Path corpus, List<byte[]> seeds, int runs)
      throws Exception {
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed-" + i), seeds.get(i));
    }
    int seconds = Integer.getInteger("wattle.fuzz.seconds", 0);
    Path findings = Files.createDirectories(Path.of("target", "fuzz"));
    Path log = findings.resolve(target.getSimpleName() + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=io.wattle.**",
                "--custom_hook_includes=io.wattle.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-seed=" + Integer.getInteger("wattle.fuzz.seed", 1),
                "-runs=" + (seconds > 0 ? -1 : runs),
                "-max_total_time=" + (seconds > 0 ? seconds : SECONDS),
                "-max_len=16384",
                "-rss_limit_mb=0",
                "-print_final_stats=1",
                corpus.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      boolean ended = process.waitFor(seconds + 600L, TimeUnit.SECONDS);
      String output = Files.readString(log);
      assertThat(ended && process.exitValue() == 0).as(output).isTrue();
      assertThat(output).as("it did run").containsPattern("number_of_executed_units: [1-9]");
    } finally {
      process.destroyForcibly();
    }
  }
}
