package io.wattle.runtime.wasi.filesystem;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** System calls on open files with Java's types; what fails has a code. */
final class Native {
  /** The most one read or write moves, in bytes. */
  static final int MOST = 64 * 1024;

  private static final VarHandle ERRNO =
      Libc.STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final int EINTR = 4;
  private static final long UTIME_NOW = (1L << 30) - 1;
  private static final long UTIME_OMIT = (1L << 30) - 2;
  private static final int STATX_BASIC = 0x7ff;
  private static final int STATX_BYTES = 256;
  private static final int PATH_MAX = 4096;
  private static final int ENTRIES_BYTES = 8192;

  private Native() {}

  /** A call that answers a number below 0 for failure. */
  @FunctionalInterface
  private interface Call {
    long run(MemorySegment state) throws Throwable;
  }

  private static long run(Arena arena, Call call) throws FileException {
    MemorySegment state = arena.allocate(Libc.STATE);
    while (true) {
      long result;
      try {
        result = call.run(state);
      } catch (Throwable e) {
        throw new IllegalStateException("a system call could not be made", e);
      }
      if (result >= 0) {
        return result;
      }
      int errno = (int) ERRNO.get(state, 0L);
      if (errno != EINTR) {
        throw new FileException(ErrorCode.of(errno));
      }
    }
  }

  private static MemorySegment text(Arena arena, String name) {
    return arena.allocateFrom(name, StandardCharsets.UTF_8);
  }

  static int open(int directory, String name, int flags, int mode) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = text(arena, name);
      return (int)
          run(
              arena,
              state ->
                  (int)
                      libc.openat.invokeExact(
                          state, directory, path, flags | Libc.O_CLOEXEC, mode));
    }
  }

  /** Closes; what the system says to it changes nothing. */
  static void close(int fd) {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.STATE);
      int ignored = (int) libc.close.invokeExact(state, fd);
    } catch (Throwable e) {
      throw new IllegalStateException("a system call could not be made", e);
    }
  }

  /** Of the file that is open. */
  static FileStat stat(int fd) throws FileException {
    return stat(fd, "", Libc.AT_EMPTY_PATH);
  }

  /** Of a name in a directory; of the link where it is one. */
  static FileStat statAt(int directory, String name) throws FileException {
    return stat(directory, name, Libc.AT_SYMLINK_NOFOLLOW);
  }

  private static FileStat stat(int fd, String name, int flags) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = text(arena, name);
      MemorySegment stat = arena.allocate(STATX_BYTES, Long.BYTES);
      run(arena, state -> (int) libc.statx.invokeExact(state, fd, path, flags, STATX_BASIC, stat));
      // struct statx of the Linux ABI, statx(2).
      return new FileStat(
          ((long) stat.get(JAVA_INT, 136) << 32) | Integer.toUnsignedLong(stat.get(JAVA_INT, 140)),
          stat.get(JAVA_LONG, 32),
          FileType.ofMode(Short.toUnsignedInt(stat.get(JAVA_SHORT, 28))),
          Integer.toUnsignedLong(stat.get(JAVA_INT, 16)),
          stat.get(JAVA_LONG, 40),
          time(stat, 64),
          time(stat, 112),
          time(stat, 96));
    }
  }

  private static Instant time(MemorySegment stat, long offset) {
    return Instant.ofEpochSecond(stat.get(JAVA_LONG, offset), stat.get(JAVA_INT, offset + 8));
  }

  /** What a symbolic link says; INVALID when it is none. */
  static String readLink(int directory, String name) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = text(arena, name);
      MemorySegment buffer = arena.allocate(PATH_MAX);
      int length =
          (int)
              run(
                  arena,
                  state ->
                      (long)
                          libc.readlinkat.invokeExact(
                              state, directory, path, buffer, (long) PATH_MAX));
      if (length == PATH_MAX) {
        throw new FileException(ErrorCode.NAME_TOO_LONG);
      }
      return decode(buffer.asSlice(0, length).toArray(JAVA_BYTE));
    }
  }

  private static String decode(byte[] bytes) throws FileException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new FileException(ErrorCode.ILLEGAL_BYTE_SEQUENCE);
    }
  }

  static void makeDirectory(int directory, String name) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = text(arena, name);
      run(arena, state -> (int) libc.mkdirat.invokeExact(state, directory, path, 0777));
    }
  }

  static void makeSymbolicLink(String says, int directory, String name) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment contents = text(arena, says);
      MemorySegment path = text(arena, name);
      run(arena, state -> (int) libc.symlinkat.invokeExact(state, contents, directory, path));
    }
  }

  static void link(int from, String name, int to, String newName) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = text(arena, name);
      MemorySegment newPath = text(arena, newName);
      run(arena, state -> (int) libc.linkat.invokeExact(state, from, path, to, newPath, 0));
    }
  }

  static void rename(int from, String name, int to, String newName) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = text(arena, name);
      MemorySegment newPath = text(arena, newName);
      run(arena, state -> (int) libc.renameat.invokeExact(state, from, path, to, newPath));
    }
  }

  static void unlink(int directory, String name, boolean isDirectory) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = text(arena, name);
      int flags = isDirectory ? Libc.AT_REMOVEDIR : 0;
      run(arena, state -> (int) libc.unlinkat.invokeExact(state, directory, path, flags));
    }
  }

  static void setTimes(int fd, NewTime accessed, NewTime modified) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = times(arena, accessed, modified);
      run(arena, state -> (int) libc.futimens.invokeExact(state, fd, times));
    }
  }

  static void setTimesAt(int directory, String name, NewTime accessed, NewTime modified)
      throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = text(arena, name);
      MemorySegment times = times(arena, accessed, modified);
      run(
          arena,
          state ->
              (int)
                  libc.utimensat.invokeExact(
                      state, directory, path, times, Libc.AT_SYMLINK_NOFOLLOW));
    }
  }

  private static MemorySegment times(Arena arena, NewTime accessed, NewTime modified) {
    MemorySegment times = arena.allocate(JAVA_LONG, 4);
    put(times, 0, accessed);
    put(times, 2, modified);
    return times;
  }

  private static void put(MemorySegment times, int index, NewTime time) {
    switch (time) {
      case NewTime.Keep keep -> put(times, index, 0, UTIME_OMIT);
      case NewTime.Now now -> put(times, index, 0, UTIME_NOW);
      case NewTime.At(Instant at) -> put(times, index, at.getEpochSecond(), at.getNano());
    }
  }

  private static void put(MemorySegment times, int index, long seconds, long nanos) {
    times.setAtIndex(JAVA_LONG, index, seconds);
    times.setAtIndex(JAVA_LONG, index + 1L, nanos);
  }

  static void setSize(int fd, long size) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      run(arena, state -> (int) libc.ftruncate.invokeExact(state, fd, size));
    }
  }

  static void sync(int fd, boolean dataOnly) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      run(
          arena,
          state ->
              dataOnly
                  ? (int) libc.fdatasync.invokeExact(state, fd)
                  : (int) libc.fsync.invokeExact(state, fd));
    }
  }

  /** {@code posix_fadvise}, which answers the errno itself. */
  static void advise(int fd, long offset, long length, int advice) throws FileException {
    Libc libc = Libc.get();
    int errno;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.STATE);
      errno = (int) libc.fadvise.invokeExact(state, fd, offset, length, advice);
    } catch (Throwable e) {
      throw new IllegalStateException("a system call could not be made", e);
    }
    if (errno != 0) {
      throw new FileException(ErrorCode.of(errno));
    }
  }

  /** Reads at most {@link #MOST} bytes; none at the end. */
  static byte[] read(int fd, long length, long offset) throws FileException {
    Libc libc = Libc.get();
    long most = Long.compareUnsigned(length, MOST) < 0 ? length : MOST;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, most));
      long read =
          run(arena, state -> (long) libc.pread.invokeExact(state, fd, buffer, most, offset));
      return buffer.asSlice(0, read).toArray(JAVA_BYTE);
    }
  }

  /**
   * Writes at most {@link #MOST} bytes at the offset.
   *
   * @return how many were written
   */
  static int write(int fd, byte[] data, int from, int length, long offset) throws FileException {
    Libc libc = Libc.get();
    int most = Math.min(length, MOST);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = copy(arena, data, from, most);
      return (int)
          run(
              arena,
              state -> (long) libc.pwrite.invokeExact(state, fd, buffer, (long) most, offset));
    }
  }

  /**
   * Writes at most {@link #MOST} bytes at the end, wherever that is by then.
   *
   * @return how many were written
   */
  static int append(int fd, byte[] data, int from, int length) throws FileException {
    Libc libc = Libc.get();
    int most = Math.min(length, MOST);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment vector = arena.allocate(JAVA_LONG, 2);
      vector.setAtIndex(JAVA_LONG, 0, copy(arena, data, from, most).address());
      vector.setAtIndex(JAVA_LONG, 1, most);
      return (int)
          run(
              arena,
              state -> (long) libc.pwritev2.invokeExact(state, fd, vector, 1, 0L, Libc.RWF_APPEND));
    }
  }

  private static MemorySegment copy(Arena arena, byte[] data, int from, int length) {
    MemorySegment buffer = arena.allocate(Math.max(1, length));
    MemorySegment.copy(data, from, buffer, JAVA_BYTE, 0, length);
    return buffer;
  }

  /** An entry of a directory, whose name may be no text. */
  record Entry(byte[] bytes, FileType type, long inode) {
    String name() throws FileException {
      return decode(bytes);
    }

    /** Whether it is {@code .} or {@code ..}, which every directory has. */
    private boolean isLink() {
      return bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.'));
    }
  }

  /** The next entries of an open directory but {@code .} and {@code ..}; null at the end. */
  static @Nullable List<Entry> entries(int fd) throws FileException {
    Libc libc = Libc.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(ENTRIES_BYTES, Long.BYTES);
      long read =
          run(
              arena,
              state -> (long) libc.getdents.invokeExact(state, fd, buffer, (long) ENTRIES_BYTES));
      if (read == 0) {
        return null;
      }
      List<Entry> entries = new ArrayList<>();
      // struct linux_dirent64, getdents64(2): inode, offset, length, type, name.
      for (long at = 0; at < read; at += Short.toUnsignedInt(buffer.get(JAVA_SHORT, at + 16))) {
        long end = at + 19;
        while (buffer.get(JAVA_BYTE, end) != 0) {
          end++;
        }
        byte[] name = buffer.asSlice(at + 19, end - at - 19).toArray(JAVA_BYTE);
        FileType type = FileType.ofMode(buffer.get(JAVA_BYTE, at + 18) << 12);
        Entry entry = new Entry(name, type, buffer.get(JAVA_LONG, at));
        if (!entry.isLink()) {
          entries.add(entry);
        }
      }
      return entries;
    }
  }
}
