package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.wasi.filesystem.OpenFiles;
import io.wattle.runtime.wasi.filesystem.Preopen;
import io.wattle.runtime.wasi.io.OutputSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Rust program on the standard library that works with files. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class FilesTest {
  private static final String OPEN = "wasi:filesystem/types@0.2.0";
  private static final String METHOD = "[method]descriptor.open-at";

  @TempDir Path here;

  private int exit;

  /** The same program, as a component and as the core module that it was made of. */
  private enum Form {
    COMPONENT,
    CORE
  }

  private List<String> run(Form form, boolean readOnly, String... operations) throws Exception {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    List<String> arguments = new ArrayList<>(List.of("files-std"));
    arguments.addAll(List.of(operations));
    WasiOptions options =
        WasiOptions.builder()
            .arguments(arguments)
            .directories(List.of(new Preopen(here, "/data", readOnly)))
            .stdout(OutputSink.to(stdout))
            .build();
    exit =
        switch (form) {
          case COMPONENT -> {
            try (Guests command = new Guests("files-std", options)) {
              yield command.component().run(Guests.task(Duration.ofSeconds(60)));
            }
          }
          case CORE -> CoreGuests.run("files-std-core", options);
        };
    return stdout.toString(UTF_8).lines().toList();
  }

  @ParameterizedTest
  @EnumSource
  void theStandardLibraryWorksWithFiles(Form form) throws Exception {
    assertThat(
            run(
                form,
                false,
                "write /data/a.txt hello",
                "append /data/a.txt , world",
                "read /data/a.txt",
                "read-from /data/a.txt 7",
                "size /data/a.txt",
                "create-new /data/a.txt again",
                "mkdir /data/sub",
                "mkdir /data/sub",
                "mv /data/a.txt /data/sub/b.txt",
                "list /data",
                "link /data/sub/b.txt /data/c.txt",
                "symlink sub/b.txt /data/l",
                "readlink /data/l",
                "kind /data/l",
                "read /data/l",
                "list /data",
                "resize /data/c.txt 5",
                "read /data/sub/../l",
                "age /data/c.txt 1000000000",
                "modified /data/sub/b.txt",
                "rmdir /data/sub",
                "rm /data/sub",
                "rm /data/l",
                "cp /data/c.txt /data/d.txt",
                "kind /data/sub",
                "read /data/none",
                "read /other/a.txt"))
        .containsExactly(
            "write /data/a.txt hello: done",
            "append /data/a.txt , world: done",
            "read /data/a.txt: hello, world",
            "read-from /data/a.txt 7: world",
            "size /data/a.txt: 12",
            "create-new /data/a.txt again: error AlreadyExists",
            "mkdir /data/sub: done",
            "mkdir /data/sub: error AlreadyExists",
            "mv /data/a.txt /data/sub/b.txt: done",
            "list /data: sub",
            "link /data/sub/b.txt /data/c.txt: done",
            "symlink sub/b.txt /data/l: done",
            "readlink /data/l: sub/b.txt",
            "kind /data/l: symlink",
            "read /data/l: hello, world",
            "list /data: c.txt l sub",
            "resize /data/c.txt 5: done",
            "read /data/sub/../l: hello",
            "age /data/c.txt 1000000000: done",
            "modified /data/sub/b.txt: 1000000000",
            "rmdir /data/sub: error Uncategorized",
            "rm /data/sub: error IsADirectory",
            "rm /data/l: done",
            "cp /data/c.txt /data/d.txt: 5",
            "kind /data/sub: directory",
            "read /data/none: error NotFound",
            "read /other/a.txt: error Uncategorized");
    // wasi:cli/exit knows two codes, preview 1 all.
    assertThat(exit).isEqualTo(form == Form.CORE ? 7 : 1);
    assertThat(here.resolve("d.txt")).hasContent("hello");
  }

  @ParameterizedTest
  @EnumSource
  void nothingChangesInAReadOnlyDirectory(Form form) throws Exception {
    Files.writeString(here.resolve("a"), "kept");
    Files.createDirectory(here.resolve("sub"));
    String refused = ": error ReadOnlyFilesystem";
    List<String> operations =
        List.of(
            "write /data/new text",
            "append /data/a text",
            "resize /data/a 1",
            "mkdir /data/other",
            "rmdir /data/sub",
            "rm /data/a",
            "mv /data/a /data/b",
            "link /data/a /data/b",
            "symlink a /data/b",
            "write /data/sub/new text");
    assertThat(run(form, true, operations.toArray(String[]::new)))
        .containsExactlyElementsOf(operations.stream().map(each -> each + refused).toList());
    assertThat(run(form, true, "read /data/a", "list /data", "list /data/sub"))
        .containsExactly("read /data/a: kept", "list /data: a sub", "list /data/sub: ");
    assertThat(names()).containsExactly("a", "sub");
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(here)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void openFilesAreLimitedAndGivenBack(Form form) throws Exception {
    long most =
        ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getMaxFileDescriptorCount();
    assumeTrue(
        most > 2 * OpenFiles.MOST, "this process may open only " + most + " files: see ulimit -n");
    Files.writeString(here.resolve("a"), "text");
    assertThat(run(form, true, "open-many /data/a 100", "open-many /data/a 100"))
        .containsExactly("open-many /data/a 100: 100", "open-many /data/a 100: 100");
    assertThat(open()).isZero();
    WasiOptions options =
        WasiOptions.builder().directories(List.of(new Preopen(here, "/data", true))).build();
    try (Guest guest = new Guest(options)) {
      List<?> given =
          (List<?>)
              Objects.requireNonNull(
                  guest.call("wasi:filesystem/preopens@0.2.0", "get-directories"));
      Object root = ((Object[]) given.getFirst())[0];
      for (int i = 1; i < OpenFiles.MOST; i++) {
        guest.ok(OPEN, METHOD, root, 0L, "a", 0L, 1L);
      }
      assertThat(open()).isEqualTo(OpenFiles.MOST);
      assertThatThrownBy(() -> guest.call(OPEN, METHOD, root, 0L, "a", 0L, 1L))
          .isInstanceOf(TrapException.class)
          .hasMessage("open files: 1025 (expected: at most 1024)")
          .extracting(e -> ((TrapException) e).kind())
          .isEqualTo(TrapException.Kind.LIMIT);
    }
    assertThat(open()).isZero();
  }

  /** Of this test's directory: other tests open files, too. */
  private long open() throws IOException {
    Path real = here.toRealPath();
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(file -> target(file).startsWith(real)).count();
    }
  }

  private static Path target(Path file) {
    try {
      return Files.readSymbolicLink(file);
    } catch (IOException e) {
      return file; // closed meanwhile
    }
  }
}
