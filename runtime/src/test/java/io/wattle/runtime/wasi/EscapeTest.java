package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.host.Cases;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.runtime.wasi.filesystem.ErrorCode;
import io.wattle.runtime.wasi.filesystem.Preopen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that tries to get out of its directory: {@code in}, beside which {@code out} lies. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class EscapeTest {
  private static final String TYPES = "wasi:filesystem/types@0.2.0";
  private static final long READ = 1;
  private static final long WRITE = 2;
  private static final long CREATE = 1;
  private static final long DIRECTORY = 2;
  private static final long FOLLOW = 1;

  @TempDir Path top;
  private Path in = Path.of("");
  private Path secret = Path.of("");

  @BeforeEach
  void makeDirectories() throws IOException {
    in = Files.createDirectories(top.resolve("in"));
    Files.createDirectories(in.resolve("sub/deep"));
    Path out = Files.createDirectories(top.resolve("out"));
    secret = Files.writeString(out.resolve("secret"), "secret");
    Files.writeString(in.resolve("sub/inside"), "inside");
    Files.createSymbolicLink(in.resolve("up"), Path.of("../out/secret"));
    Files.createSymbolicLink(in.resolve("up-directory"), Path.of("../out"));
    Files.createSymbolicLink(in.resolve("absolute"), secret);
    Files.createSymbolicLink(in.resolve("absolute-directory"), out);
    Files.createSymbolicLink(in.resolve("first"), Path.of("sub/second"));
    Files.createSymbolicLink(in.resolve("sub/second"), Path.of("../third"));
    Files.createSymbolicLink(in.resolve("third"), Path.of("sub/../../out/secret"));
    Files.createSymbolicLink(in.resolve("circle"), Path.of("sub/circle"));
    Files.createSymbolicLink(in.resolve("sub/circle"), Path.of("../circle"));
    Files.createSymbolicLink(in.resolve("fine"), Path.of("sub/deep/../inside"));
    Files.createSymbolicLink(in.resolve("new"), Path.of("../out/new"));
  }

  private Guest guest() {
    return new Guest(
        WasiOptions.builder().directories(List.of(new Preopen(in, "/", false))).build());
  }

  private static Object root(Guest guest) throws InterruptedException {
    List<?> given =
        (List<?>)
            Objects.requireNonNull(guest.call("wasi:filesystem/preopens@0.2.0", "get-directories"));
    return ((Object[]) given.getFirst())[0];
  }

  private static ErrorCode refused(Guest guest, String method, @Nullable Object... arguments)
      throws InterruptedException {
    return Cases.of(ErrorCode.class, guest.error(TYPES, "[method]descriptor." + method, arguments));
  }

  private static Result attempt(Guest guest, String method, @Nullable Object... arguments)
      throws InterruptedException {
    return guest.result(TYPES, "[method]descriptor." + method, arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../out/secret",
        "sub/../../out/secret",
        "./.././out/secret",
        "/",
        "/etc/passwd",
        "//etc/passwd",
        "up",
        "absolute",
        "first",
        "third",
        "up-directory/secret",
        "absolute-directory/secret",
        "up-directory/",
        "sub/../up-directory/secret",
        "sub/deep/../../../out/secret",
        "new"
      })
  void noPathLeadsOut(String path) throws Exception {
    try (Guest guest = guest()) {
      Object root = root(guest);
      assertThat(refused(guest, "open-at", root, FOLLOW, path, 0L, READ))
          .isEqualTo(ErrorCode.NOT_PERMITTED);
      assertThat(refused(guest, "open-at", root, FOLLOW, path, CREATE, WRITE))
          .isIn(ErrorCode.NOT_PERMITTED, ErrorCode.IS_DIRECTORY);
      assertThat(refused(guest, "open-at", root, FOLLOW, path, DIRECTORY, READ))
          .isEqualTo(ErrorCode.NOT_PERMITTED);
      assertThat(refused(guest, "stat-at", root, FOLLOW, path)).isEqualTo(ErrorCode.NOT_PERMITTED);
      assertThat(refused(guest, "metadata-hash-at", root, FOLLOW, path))
          .isEqualTo(ErrorCode.NOT_PERMITTED);
    }
    assertThat(secret).hasContent("secret");
    assertThat(top.resolve("out/new")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../out/x", "up-directory/x", "absolute-directory/x", "/tmp/x", "sub/../../x"})
  void nothingIsMadeOrTakenAwayOutside(String path) throws Exception {
    try (Guest guest = guest()) {
      Object root = root(guest);
      ErrorCode no = ErrorCode.NOT_PERMITTED;
      assertThat(refused(guest, "create-directory-at", root, path)).isEqualTo(no);
      assertThat(refused(guest, "remove-directory-at", root, path)).isEqualTo(no);
      assertThat(refused(guest, "unlink-file-at", root, path)).isEqualTo(no);
      assertThat(refused(guest, "symlink-at", root, "a", path)).isEqualTo(no);
      assertThat(refused(guest, "readlink-at", root, path)).isEqualTo(no);
      assertThat(refused(guest, "rename-at", root, "sub", root, path)).isEqualTo(no);
      assertThat(refused(guest, "rename-at", root, path, root, "sub/y")).isEqualTo(no);
      assertThat(refused(guest, "link-at", root, 0L, "sub/inside", root, path)).isEqualTo(no);
      assertThat(refused(guest, "link-at", root, 0L, path, root, "sub/y")).isEqualTo(no);
    }
    try (var files = Files.list(top.resolve("out"))) {
      assertThat(files).containsExactly(secret);
    }
  }

  @ParameterizedTest
  @CsvSource({"circle, LOOP", "none, NO_ENTRY", "sub/inside/x, NOT_DIRECTORY", "'', NO_ENTRY"})
  void otherPathsFailWithTheirReason(String path, ErrorCode code) throws Exception {
    try (Guest guest = guest()) {
      assertThat(refused(guest, "open-at", root(guest), FOLLOW, path, 0L, READ)).isEqualTo(code);
    }
  }

  @Test
  void aDirectoryThatWasOpenedIsTheTopOfItsPaths() throws Exception {
    try (Guest guest = guest()) {
      Object sub =
          guest.ok(TYPES, "[method]descriptor.open-at", root(guest), 0L, "sub", DIRECTORY, READ);
      assertThat(refused(guest, "open-at", sub, FOLLOW, "../fine", 0L, READ))
          .isEqualTo(ErrorCode.NOT_PERMITTED);
      assertThat(attempt(guest, "open-at", sub, FOLLOW, "deep/../inside", 0L, READ).isOk())
          .isTrue();
    }
  }

  /** One name that is no text does not hide the others. */
  @Test
  void aNameThatIsNotUtf8IsAnErrorOfItsOwn() throws Exception {
    Path odd = Files.createDirectories(in.resolve("odd"));
    Files.writeString(odd.resolve("first"), "");
    Files.writeString(odd.resolve("second"), "");
    Process touch =
        new ProcessBuilder("sh", "-c", ": >\"$(printf 'a\\377')\"").directory(odd.toFile()).start();
    assertThat(touch.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(touch.exitValue()).isZero();
    try (Guest guest = guest()) {
      Object directory =
          guest.ok(TYPES, "[method]descriptor.open-at", root(guest), 0L, "odd", DIRECTORY, READ);
      Object list = guest.ok(TYPES, "[method]descriptor.read-directory", directory);
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Result next =
            (Result)
                Objects.requireNonNull(
                    guest.call(TYPES, "[method]directory-entry-stream.read-directory-entry", list));
        seen.add(
            next.payload() instanceof Optional<?> entry
                ? (String) ((Object[]) entry.orElseThrow())[1]
                : String.valueOf(
                    Cases.of(ErrorCode.class, Objects.requireNonNull(next.payload()))));
      }
      assertThat(seen).containsExactlyInAnyOrder("first", "second", "ILLEGAL_BYTE_SEQUENCE");
    }
  }

  /** 2^63 seconds, unsigned, are no time before 1970. */
  @Test
  void aTimeThatIsTooFarAwayOverflows() throws Exception {
    try (Guest guest = guest()) {
      Object root = root(guest);
      Variant far = new Variant(2, new Object[] {Long.MIN_VALUE, 0L});
      assertThat(refused(guest, "set-times-at", root, 0L, "sub/inside", far, far))
          .isEqualTo(ErrorCode.OVERFLOW);
      assertThat(Files.getLastModifiedTime(in.resolve("sub/inside")).toInstant())
          .isAfter(Instant.EPOCH);
    }
  }

  @Test
  void linksOutsideAreSeenButNotFollowedAndAbsoluteOnesNotRead() throws Exception {
    try (Guest guest = guest()) {
      Object root = root(guest);
      assertThat(attempt(guest, "readlink-at", root, "up").payload()).isEqualTo("../out/secret");
      assertThat(refused(guest, "readlink-at", root, "absolute"))
          .isEqualTo(ErrorCode.NOT_PERMITTED);
      assertThat(refused(guest, "symlink-at", root, "/etc", "sub/x"))
          .isEqualTo(ErrorCode.NOT_PERMITTED);
      assertThat(attempt(guest, "stat-at", root, 0L, "up").isOk()).isTrue();
      assertThat(refused(guest, "open-at", root, 0L, "fine", 0L, READ)).isEqualTo(ErrorCode.LOOP);
      assertThat(attempt(guest, "open-at", root, FOLLOW, "fine", 0L, READ).isOk()).isTrue();
    }
  }

  @Test
  void aDirectoryThatIsMovedOutTakesNobodyAlong() throws Exception {
    try (Guest guest = guest()) {
      Object deep =
          guest.ok(
              TYPES, "[method]descriptor.open-at", root(guest), 0L, "sub/deep", DIRECTORY, READ);
      Files.move(in.resolve("sub/deep"), top.resolve("out/deep"));
      assertThat(refused(guest, "open-at", deep, FOLLOW, "../secret", 0L, READ))
          .isEqualTo(ErrorCode.NOT_PERMITTED);
    }
  }

  /** What is swapped has the guest find the inside or nothing, however the two interleave. */
  @Test
  void aLinkSwappedMeanwhileLeadsNowhere() throws Exception {
    Files.createDirectories(in.resolve("door"));
    Files.writeString(in.resolve("door/secret"), "inside");
    Files.createSymbolicLink(in.resolve("evil"), Path.of("../out"));
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread swapper = Thread.ofPlatform().start(() -> swap(done, failure));
    Set<String> read = new HashSet<>();
    try (Guest guest = guest()) {
      Object root = root(guest);
      for (int i = 0; i < 2_000; i++) {
        Result opened = attempt(guest, "open-at", root, FOLLOW, "door/secret", 0L, READ);
        if (opened.isOk()) {
          Object[] bytes =
              (Object[]) guest.ok(TYPES, "[method]descriptor.read", opened.payload(), 100L, 0L);
          read.add(new String((byte[]) bytes[0], UTF_8));
          guest.drop(TYPES, "descriptor", Objects.requireNonNull(opened.payload()));
        }
        // Made outside by a walk that trusts what it has looked at before.
        var _ = attempt(guest, "create-directory-at", root, "door/made");
        var _ = attempt(guest, "remove-directory-at", root, "door/made");
      }
    } finally {
      done.set(true);
      swapper.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(read).isSubsetOf("inside");
    try (var files = Files.list(top.resolve("out"))) {
      assertThat(files).containsExactly(secret);
    }
  }

  /** In turn a directory and a link to the outside, at one name. */
  private void swap(AtomicBoolean done, AtomicReference<@Nullable Throwable> failure) {
    Path door = in.resolve("door");
    Path evil = in.resolve("evil");
    Path aside = in.resolve("aside");
    try {
      while (!done.get()) {
        Files.move(door, aside, StandardCopyOption.ATOMIC_MOVE);
        Files.move(evil, door, StandardCopyOption.ATOMIC_MOVE);
        Files.move(door, evil, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, door, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      failure.set(e);
    }
  }
}
