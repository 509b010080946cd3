package io.wattle.runtime.wasi.preview1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.Task;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.wasi.Terminals;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.runtime.wasi.filesystem.Preopen;
import io.wattle.wit.io.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What guests are told of files and directories that are open, called as they call it. */
class OpenFilesTest {
  /** A module that has nothing but a memory, {@code memory}. */
  private static final byte[] MEMORY =
      HexFormat.of().parseHex("0061736d010000000503010001070a01066d656d6f72790200");

  private static final int DIRECTORY = 3;
  private static final int CREATE = 1;
  private static final int OPEN_DIRECTORY = 2;
  private static final int SYNC = 16;
  private static final int APPEND = 1;
  private static final long SEEK = 1L << 2;

  /** Where the guest keeps names, answers, and lists. */
  private static final int NAME = 0;

  private static final int ANSWER = 1024;
  private static final int LIST = 4096;

  @TempDir Path here;

  private CoreEngine engine;
  private CoreStore store;
  private CoreMemory memory;
  private Instance guest;
  private int root;

  @BeforeEach
  void open() throws Exception {
    engine = Engines.endive(EngineOptions.defaults());
    store = engine.newStore(StoreLimits.DEFAULT);
    memory =
        (CoreMemory)
            Objects.requireNonNull(
                store.instantiate(engine.compile(MEMORY), CoreImports.NONE).export("memory"));
    Task task = new Task("guest", Deadline.in(Duration.ofSeconds(60)), Map.of());
    guest =
        new Instance(
            task,
            WasiOptions.builder().directories(List.of(new Preopen(here, "/", false))).build());
    guest.memory(memory);
    root = 3;
  }

  @AfterEach
  void close() {
    guest.close();
    store.close();
    engine.close();
  }

  private int call(String function, long... arguments) {
    return (int) Preview1.FUNCTIONS.bind(function, guest).call(arguments)[0];
  }

  /** What C libraries ask to know whether a stream is a terminal. */
  @Test
  void aStreamIsACharacterDeviceIfItIsATerminal() {
    assertThat(call("fd_fdstat_get", 1, ANSWER)).isZero();
    assertThat(memory.getByte(ANSWER)).isZero();
    assertThat(call("fd_filestat_get", 1, ANSWER)).isZero();
    assertThat(memory.getByte(ANSWER + 16)).isZero();
    Task task = new Task("guest", Deadline.in(Duration.ofSeconds(60)), Map.of());
    WasiOptions options =
        WasiOptions.builder().terminals(new Terminals(false, true, false)).build();
    try (Instance shown = new Instance(task, options)) {
      shown.memory(memory);
      for (int stream = 0; stream < 3; stream++) {
        assertThat(Preview1.FUNCTIONS.bind("fd_fdstat_get", shown).call(stream, ANSWER)[0])
            .isZero();
        assertThat(memory.getByte(ANSWER)).isEqualTo((byte) (stream == 1 ? 2 : 0));
      }
    }
  }

  private int open(String name, int how, long rights, int flags) {
    byte[] path = name.getBytes(UTF_8);
    memory.write(NAME, path, 0, path.length);
    return call("path_open", root, 0, NAME, path.length, how, rights, rights, flags, ANSWER);
  }

  private int opened(String name, int how, long rights, int flags) {
    assertThat(open(name, how, rights, flags)).isEqualTo(Errno.SUCCESS);
    return memory.getInt(ANSWER);
  }

  private record Described(int type, int flags, long rights, long inherited) {}

  private Described describe(int number) {
    assertThat(call("fd_fdstat_get", number, ANSWER)).isEqualTo(Errno.SUCCESS);
    return new Described(
        memory.getByte(ANSWER),
        memory.getShort(ANSWER + 2),
        memory.getLong(ANSWER + 8),
        memory.getLong(ANSWER + 16));
  }

  @Test
  void aDirectoryIsOpenedAgainWithTheRightsItHas() {
    Described is = describe(root);
    assertThat(is.type).isEqualTo(DIRECTORY);
    assertThat(is.rights & (Rights.WRITE | SEEK)).isZero();
    assertThat(is.inherited & Rights.WRITE).isNotZero();
    int again = opened(".", 0, is.rights, 0);
    assertThat(describe(again).type).isEqualTo(DIRECTORY);
    assertThat(open(".", OPEN_DIRECTORY, Rights.READ | Rights.WRITE, 0)).isEqualTo(Errno.ISDIR);
  }

  @Test
  void rightsCannotBeGivenUp() {
    int file = opened("file", CREATE, Rights.READ | Rights.WRITE, 0);
    assertThat(call("fd_fdstat_set_rights", file, 0, 0)).isEqualTo(Errno.NOTSUP);
    assertThat(call("fd_fdstat_set_rights", 99, 0, 0)).isEqualTo(Errno.BADF);
    assertThat(describe(file).rights & Rights.WRITE).isNotZero();
  }

  @Test
  void aFileKeepsTheFlagsItWasOpenedWith() {
    int file = opened("file", CREATE, Rights.READ | Rights.WRITE, SYNC | APPEND);
    assertThat(describe(file).flags).isEqualTo(SYNC | APPEND);
    assertThat(call("fd_fdstat_set_flags", file, SYNC)).isEqualTo(Errno.SUCCESS);
    assertThat(describe(file).flags).isEqualTo(SYNC);
    assertThat(call("fd_fdstat_set_flags", file, 0)).isEqualTo(Errno.INVAL);
    assertThat(describe(file).flags).isEqualTo(SYNC);
  }

  @Test
  void aListingBeginsWithTheDirectoryAndTheOneAbove() throws Exception {
    Files.writeString(here.resolve("file"), "text");
    List<String> names = new ArrayList<>();
    long cookie = 0;
    while (true) {
      // Room for one whole entry and a part of the next, as in a small buffer.
      assertThat(call("fd_readdir", root, LIST, 30, cookie, ANSWER)).isEqualTo(Errno.SUCCESS);
      int used = memory.getInt(ANSWER);
      if (used == 0) {
        break;
      }
      cookie = memory.getLong(LIST);
      byte[] name = new byte[memory.getInt(LIST + 16)];
      memory.read(LIST + 24, name, 0, name.length);
      names.add(new String(name, UTF_8));
      if (names.getLast().equals(".")) {
        assertThat(memory.getByte(LIST + 20)).isEqualTo((byte) DIRECTORY);
        assertThat(memory.getLong(LIST + 8))
            .isEqualTo(((Number) Files.getAttribute(here, "unix:ino")).longValue());
      }
    }
    assertThat(names).containsExactly(".", "..", "file");
  }

  @Test
  void aFileThatIsOnlyReadKeepsItsSizeAndHasNoLinksIn() throws Exception {
    Files.writeString(here.resolve("file"), "text");
    int file = opened("file", 0, Rights.READ, 0);
    assertThat(call("fd_filestat_set_size", file, 2)).isEqualTo(Errno.INVAL);
    byte[] names = "saysfile/".getBytes(UTF_8);
    memory.write(NAME, names, 0, names.length);
    assertThat(call("path_symlink", NAME, 4, root, NAME + 4, 5)).isEqualTo(Errno.NOTDIR);
  }

  @Test
  void nothingIsWrittenToWhatIsNotOpen() {
    assertThat(call("fd_write", -31337, 0, 0, ANSWER)).isEqualTo(Errno.BADF);
    assertThat(call("fd_read", -31337, 0, 0, ANSWER)).isEqualTo(Errno.BADF);
  }
}
