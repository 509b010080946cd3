package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.host.Cases;
import io.wattle.runtime.wasi.filesystem.Descriptor;
import io.wattle.runtime.wasi.filesystem.Directory;
import io.wattle.runtime.wasi.filesystem.FileType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reading, writing, seeking, listing and closing what is open. */
final class FileFunctions {
  private static final int DIRENT_BYTES = 24;
  private static final int CURRENT = 1;
  private static final int END = 2;
  private static final int MOST_ADVICE = 5;

  private FileFunctions() {}

  static void addTo(Functions to) {
    to.add("fd_read", "iiii", (me, a) -> read(me, a, (int) a[3], null));
    to.add("fd_pread", "iiili", (me, a) -> read(me, a, (int) a[4], a[3]));
    to.add("fd_write", "iiii", (me, a) -> write(me, a, (int) a[3], null));
    to.add("fd_pwrite", "iiili", (me, a) -> write(me, a, (int) a[4], a[3]));
    to.add("fd_seek", "ilii", FileFunctions::seek);
    to.add("fd_tell", "ii", (me, a) -> me.memory().putLong((int) a[1], file(me, a).position));
    to.add("fd_close", "i", (me, a) -> me.remove((int) a[0]));
    to.add("fd_renumber", "ii", (me, a) -> me.renumber((int) a[0], (int) a[1]));
    to.add("fd_readdir", "iiili", FileFunctions::list);
    to.add("fd_sync", "i", (me, a) -> me.node((int) a[0]).descriptor.sync(false));
    to.add("fd_datasync", "i", (me, a) -> me.node((int) a[0]).descriptor.sync(true));
    to.add("fd_advise", "illi", FileFunctions::advise);
    to.add(
        "fd_allocate",
        "ill",
        (me, a) -> {
          var _ = file(me, a);
          throw new ErrnoException(Errno.NOTSUP);
        });
  }

  private static Open.Node file(Instance me, long[] a) throws ErrnoException {
    return switch (me.get((int) a[0])) {
      case Open.Node node when node.descriptor.type() != FileType.DIRECTORY -> node;
      case Open.Node node -> throw new ErrnoException(Errno.ISDIR);
      case Open.Input input -> throw new ErrnoException(Errno.SPIPE);
      case Open.Output output -> throw new ErrnoException(Errno.SPIPE);
      case Open.Listener listener -> throw new ErrnoException(Errno.SPIPE);
      case Open.Connection connection -> throw new ErrnoException(Errno.SPIPE);
    };
  }

  /** Into the first buffers that have room, as much as one read gives. */
  static void read(Instance me, long[] a, int result, @Nullable Long offset)
      throws ErrnoException, IOException, InterruptedException {
    CoreMemory memory = me.memory();
    var _ = me.get((int) a[0]);
    int total = 0;
    for (int i = 0; i < (int) a[2]; i++) {
      int vector = (int) a[1] + 8 * i;
      int at = memory.getInt(vector);
      long length = Integer.toUnsignedLong(memory.getInt(vector + 4));
      if (length == 0) {
        continue;
      }
      int most = (int) Math.min(length, Instance.LONGEST);
      byte[] bytes = readOnce(me, (int) a[0], most, offset == null ? null : offset + total);
      me.put(at, bytes, bytes.length);
      total += bytes.length;
      if (bytes.length < length) {
        break;
      }
    }
    memory.putInt(result, total);
  }

  private static byte[] readOnce(Instance me, int number, int most, @Nullable Long offset)
      throws ErrnoException, IOException, InterruptedException {
    return switch (me.get(number)) {
      case Open.Input input -> Streams.read(me, input.source(), most, offset, false);
      case Open.Connection connection ->
          Streams.read(me, connection.accepted.input(), most, offset, connection.nonBlocking);
      case Open.Output output -> throw new ErrnoException(Errno.BADF);
      case Open.Listener listener -> throw new ErrnoException(Errno.BADF);
      case Open.Node node -> {
        byte[] bytes = node.descriptor.read(most, offset == null ? node.position : offset);
        node.position += offset == null ? bytes.length : 0;
        yield bytes;
      }
    };
  }

  static void write(Instance me, long[] a, int result, @Nullable Long offset)
      throws ErrnoException, IOException, InterruptedException {
    CoreMemory memory = me.memory();
    var _ = me.get((int) a[0]);
    int total = 0;
    for (int i = 0; i < (int) a[2]; i++) {
      int vector = (int) a[1] + 8 * i;
      int at = memory.getInt(vector);
      long length = Integer.toUnsignedLong(memory.getInt(vector + 4));
      if (length == 0) {
        continue;
      }
      byte[] bytes = me.bytes(at, (int) Math.min(length, Instance.LONGEST));
      int written = writeOnce(me, (int) a[0], bytes, offset == null ? null : offset + total);
      total += written;
      if (written < length) {
        break;
      }
    }
    memory.putInt(result, total);
  }

  private static int writeOnce(Instance me, int number, byte[] bytes, @Nullable Long offset)
      throws ErrnoException, IOException, InterruptedException {
    return switch (me.get(number)) {
      case Open.Input input -> throw new ErrnoException(Errno.BADF);
      case Open.Listener listener -> throw new ErrnoException(Errno.BADF);
      case Open.Output output -> Streams.write(me, output.sink(), bytes, offset, false);
      case Open.Connection connection ->
          Streams.write(me, connection.accepted.output(), bytes, offset, connection.nonBlocking);
      case Open.Node node -> {
        if (offset != null) {
          yield node.descriptor.write(bytes, offset);
        }
        int written =
            node.append
                ? node.descriptor.append(bytes)
                : node.descriptor.write(bytes, node.position);
        node.position = node.append ? node.descriptor.stat().size() : node.position + written;
        yield written;
      }
    };
  }

  private static void seek(Instance me, long[] a) throws ErrnoException, IOException {
    Open.Node node = file(me, a);
    int whence = (int) a[2];
    if (whence < 0 || whence > END) {
      throw new ErrnoException(Errno.INVAL);
    }
    long base =
        whence == CURRENT ? node.position : whence == END ? node.descriptor.stat().size() : 0;
    long position = base + a[1];
    if (position < 0) {
      throw new ErrnoException(Errno.INVAL);
    }
    node.position = position;
    me.memory().putLong((int) a[3], position);
  }

  /** The cases have the same order as in 0.2. */
  private static void advise(Instance me, long[] a) throws ErrnoException, IOException {
    int advice = (int) a[3];
    if (advice < 0 || advice > MOST_ADVICE) {
      throw new ErrnoException(Errno.INVAL);
    }
    file(me, a).descriptor.advise(a[1], a[2], Cases.of(Descriptor.Advice.class, advice));
  }

  /** Entries from a cookie on; the last one may be cut off where the buffer ends. */
  private static void list(Instance me, long[] a) throws ErrnoException, IOException {
    Open.Node node = me.node((int) a[0]);
    long cookie = a[3];
    if (node.listing == null || node.listed != cookie) {
      node.endListing();
      node.listing = node.descriptor.readDirectory();
      while (node.listed < cookie && next(node) != null) {
        node.next = null;
        node.listed++;
      }
    }
    int at = (int) a[1];
    long room = Integer.toUnsignedLong((int) a[2]);
    long used = 0;
    while (used < room) {
      Directory.Entry entry = next(node);
      if (entry == null) {
        break;
      }
      byte[] bytes = dirent(entry, node.listed + 1);
      int fits = (int) Math.min(bytes.length, room - used);
      me.put(at + (int) used, bytes, fits);
      used += fits;
      if (fits == bytes.length) {
        node.next = null;
        node.listed++;
      }
    }
    me.memory().putInt((int) a[4], (int) used);
  }

  /** The first two are the directory itself and the one it is in, of which nothing is told. */
  private static Directory.@Nullable Entry next(Open.Node node) throws IOException {
    if (node.next == null && node.listing != null) {
      node.next =
          switch ((int) Math.min(node.listed, 2)) {
            case 0 -> new Directory.Entry(".", FileType.DIRECTORY, node.descriptor.stat().inode());
            case 1 -> new Directory.Entry("..", FileType.DIRECTORY, 0);
            default -> node.listing.next().orElse(null);
          };
    }
    return node.next;
  }

  private static byte[] dirent(Directory.Entry entry, long following) {
    byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(DIRENT_BYTES + name.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(following)
        .putLong(entry.inode())
        .putInt(name.length)
        .put((byte) StatFunctions.type(entry.type()))
        .put(new byte[3])
        .put(name)
        .array();
  }
}
