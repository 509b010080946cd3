package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.wasi.filesystem.FileStat;
import io.wattle.runtime.wasi.filesystem.FileType;
import io.wattle.runtime.wasi.filesystem.NewTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What is known of open files, and the parts of it that can be changed. */
final class StatFunctions {
  private static final int UNKNOWN = 0;
  private static final int CHARACTER_DEVICE = 2;
  private static final int SOCKET_STREAM = 6;
  private static final int ACCESSED = 1;
  private static final int ACCESSED_NOW = 2;
  private static final int MODIFIED = 4;
  private static final int MODIFIED_NOW = 8;

  private StatFunctions() {}

  static void addTo(Functions to) {
    to.add("fd_fdstat_get", "ii", StatFunctions::flags);
    to.add("fd_fdstat_set_flags", "ii", StatFunctions::setFlags);
    to.add(
        "fd_fdstat_set_rights",
        "ill",
        (me, a) -> {
          var _ = me.get((int) a[0]);
          throw new ErrnoException(Errno.NOTSUP);
        });
    to.add("fd_filestat_get", "ii", StatFunctions::stat);
    to.add("fd_filestat_set_size", "il", (me, a) -> me.node((int) a[0]).descriptor.setSize(a[1]));
    to.add(
        "fd_filestat_set_times",
        "illi",
        (me, a) ->
            me.node((int) a[0])
                .descriptor
                .setTimes(accessed(a[1], (int) a[3]), modified(a[2], (int) a[3])));
    to.add("fd_prestat_get", "ii", StatFunctions::preopened);
    to.add("fd_prestat_dir_name", "iii", StatFunctions::preopenedName);
  }

  /** {@code filetype} of preview 1. */
  static int type(FileType type) {
    return switch (type) {
      case UNKNOWN, FIFO -> 0;
      case BLOCK_DEVICE -> 1;
      case CHARACTER_DEVICE -> CHARACTER_DEVICE;
      case DIRECTORY -> 3;
      case REGULAR_FILE -> 4;
      case SOCKET -> 6;
      case SYMBOLIC_LINK -> 7;
    };
  }

  private static void flags(Instance me, long[] a) throws ErrnoException {
    Open open = me.get((int) a[0]);
    int type = UNKNOWN;
    int flags = 0;
    switch (open) {
      case Open.Node node -> {
        type = type(node.descriptor.type());
        flags = FdFlags.of(node);
      }
      case Open.Listener listener -> {
        type = SOCKET_STREAM;
        flags = FdFlags.of(listener.nonBlocking);
      }
      case Open.Connection connection -> {
        type = SOCKET_STREAM;
        flags = FdFlags.of(connection.nonBlocking);
      }
      case Open.Input input -> type = stream(input.terminal());
      case Open.Output output -> type = stream(output.terminal());
    }
    int at = (int) a[1];
    CoreMemory memory = me.memory();
    memory.putLong(at, type);
    memory.putShort(at + 2, (short) flags);
    memory.putLong(at + 8, Rights.of(open));
    memory.putLong(at + 16, Rights.inherited(open));
  }

  private static void setFlags(Instance me, long[] a) throws ErrnoException {
    int flags = (int) a[1];
    boolean nonBlocking = (flags & FdFlags.NONBLOCK) != 0;
    switch (me.get((int) a[0])) {
      case Open.Node node -> {
        if (!FdFlags.canBecome(FdFlags.of(node), flags)) {
          throw new ErrnoException(Errno.INVAL);
        }
        node.append = (flags & FdFlags.APPEND) != 0;
        node.nonBlocking = nonBlocking;
      }
      case Open.Listener listener -> listener.nonBlocking = nonBlocking;
      case Open.Connection connection -> connection.nonBlocking = nonBlocking;
      case Open.Input input -> {}
      case Open.Output output -> {}
    }
  }

  private static void stat(Instance me, long[] a) throws ErrnoException, IOException {
    switch (me.get((int) a[0])) {
      case Open.Node node -> put(me, (int) a[1], node.descriptor.stat());
      case Open.Input input -> put(me, (int) a[1], stream(input.terminal()));
      case Open.Output output -> put(me, (int) a[1], stream(output.terminal()));
      case Open.Listener listener -> put(me, (int) a[1], SOCKET_STREAM);
      case Open.Connection connection -> put(me, (int) a[1], SOCKET_STREAM);
    }
  }

  /** What of a stream cannot seek is a terminal to C libraries if it is this. */
  private static int stream(boolean terminal) {
    return terminal ? CHARACTER_DEVICE : UNKNOWN;
  }

  /** Of what is no file only the type is known. */
  private static void put(Instance me, int at, int type) throws ErrnoException {
    put(me, at, new byte[64]);
    me.memory().putByte(at + 16, (byte) type);
  }

  private static void put(Instance me, int at, byte[] bytes) throws ErrnoException {
    me.put(at, bytes, bytes.length);
  }

  static void put(Instance me, int at, FileStat stat) throws ErrnoException {
    CoreMemory memory = me.memory();
    memory.putLong(at, stat.device());
    memory.putLong(at + 8, stat.inode());
    memory.putLong(at + 16, type(stat.type()));
    memory.putLong(at + 24, stat.links());
    memory.putLong(at + 32, stat.size());
    memory.putLong(at + 40, nanos(stat.accessed()));
    memory.putLong(at + 48, nanos(stat.modified()));
    memory.putLong(at + 56, nanos(stat.changed()));
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000 + time.getNano();
  }

  static NewTime accessed(long time, int flags) throws ErrnoException {
    return time(time, (flags & ACCESSED) != 0, (flags & ACCESSED_NOW) != 0);
  }

  static NewTime modified(long time, int flags) throws ErrnoException {
    return time(time, (flags & MODIFIED) != 0, (flags & MODIFIED_NOW) != 0);
  }

  private static NewTime time(long nanos, boolean set, boolean now) throws ErrnoException {
    if (set && now) {
      throw new ErrnoException(Errno.INVAL);
    }
    if (now) {
      return new NewTime.Now();
    }
    return set
        ? new NewTime.At(
            Instant.ofEpochSecond(
                Long.divideUnsigned(nanos, 1_000_000_000),
                Long.remainderUnsigned(nanos, 1_000_000_000)))
        : new NewTime.Keep();
  }

  private static byte[] name(Instance me, int number) throws ErrnoException {
    if (me.get(number) instanceof Open.Node node && node.preopened != null) {
      return node.preopened.getBytes(StandardCharsets.UTF_8);
    }
    throw new ErrnoException(Errno.BADF);
  }

  private static void preopened(Instance me, long[] a) throws ErrnoException {
    byte[] name = name(me, (int) a[0]);
    me.memory().putInt((int) a[1], 0);
    me.memory().putInt((int) a[1] + 4, name.length);
  }

  private static void preopenedName(Instance me, long[] a) throws ErrnoException {
    byte[] name = name(me, (int) a[0]);
    if (Integer.compareUnsigned((int) a[2], name.length) < 0) {
      throw new ErrnoException(Errno.NAMETOOLONG);
    }
    put(me, (int) a[1], name);
  }
}
