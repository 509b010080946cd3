package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.wasi.filesystem.Preopen;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.runtime.wasi.preview1.CoreProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs of github.com/WebAssembly/wasi-testsuite for preview 1, as its branch {@code
 * prod/testsuite-base} has them compiled; by hand, because nothing fetches them: {@code
 * -Dwattle.wasi.suite=FOLDER}, where {@code FOLDER} is its {@code tests}.
 */
@EnabledIfSystemProperty(
    named = "wattle.wasi.suite",
    matches = ".+",
    disabledReason = "-Dwattle.wasi.suite names no folder with the suite")
class WasiSuiteTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KIND = "wasm32-wasip1";

  @TempDir Path scratch;

  @TestFactory
  List<DynamicTest> programs() throws IOException {
    Path suite = Path.of(System.getProperty("wattle.wasi.suite"));
    try (Stream<Path> files = Files.walk(suite)) {
      List<DynamicTest> tests =
          files
              .filter(file -> isProgram(file))
              .sorted()
              .map(f -> DynamicTest.dynamicTest(suite.relativize(f).toString(), () -> run(f)))
              .toList();
      assertThat(tests).isNotEmpty();
      return tests;
    }
  }

  private static boolean isProgram(Path file) {
    return file.toString().endsWith(".wasm") && file.resolveSibling("").endsWith(KIND);
  }

  /** Runs a program as the file beside it says (doc/specification.md of the suite). */
  private void run(Path wasm) throws Exception {
    String name = wasm.getFileName().toString();
    Path says = wasm.resolveSibling(name.replace(".wasm", ".json"));
    JsonNode how = Files.exists(says) ? JSON.readTree(says.toFile()) : JSON.createObjectNode();
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    List<String> arguments = new ArrayList<>(List.of(name));
    how.path("args").forEach(argument -> arguments.add(argument.asText()));
    Map<String, String> environment = new LinkedHashMap<>();
    how.path("env").properties().forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
    List<Preopen> directories = new ArrayList<>();
    if (how.path("root").isTextual()) {
      Path copy = Files.createTempDirectory(scratch, "root");
      copy(wasm.resolveSibling(how.path("root").asText()), copy);
      directories.add(new Preopen(copy, "/", false));
    }
    WasiOptions options =
        WasiOptions.builder()
            .arguments(arguments)
            .environment(environment)
            .directories(directories)
            .stdout(OutputSink.to(stdout))
            .stderr(OutputSink.to(stderr))
            .build();
    CoreProgram program = CoreProgram.load(CoreGuests.ENGINE, Files.readAllBytes(wasm));
    int exit;
    try {
      exit =
          program.run(
              Guests.task(Duration.ofSeconds(60)),
              options,
              StoreLimits.DEFAULT,
              CoreGuests.THREADS);
    } catch (RuntimeException e) {
      throw new AssertionError(stderr.toString(UTF_8), e);
    }
    assertThat(exit).as(stderr.toString(UTF_8)).isEqualTo(how.path("exit_code").asInt(0));
    if (how.has("stdout")) {
      assertThat(stdout.toString(UTF_8)).isEqualTo(how.path("stdout").asText());
    }
  }

  /** Without what earlier runs of the suite left behind. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (directory.toString().endsWith(".cleanup")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(directory).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!file.toString().endsWith(".cleanup")) {
              Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
