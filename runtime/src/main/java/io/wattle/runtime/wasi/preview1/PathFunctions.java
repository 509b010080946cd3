package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.host.Cases;
import io.wattle.runtime.wasi.filesystem.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/** What names a file by an open directory and a path. */
final class PathFunctions {
  /** Rights: fd_read and fd_readdir, fd_write. */
  static final long READ = 1L << 1 | 1L << 14;

  static final long WRITE = 1L << 6;

  private static final int FOLLOW = 1;
  private static final int APPEND = 1;
  private static final int DSYNC = 2;
  private static final int RSYNC = 8;
  private static final int SYNC = 16;

  private PathFunctions() {}

  static void addTo(Functions to) {
    to.add("path_open", "iiiiillii", PathFunctions::open);
    to.add(
        "path_create_directory",
        "iii",
        (me, a) -> base(me, a[0]).createDirectoryAt(path(me, a, 1)));
    to.add(
        "path_remove_directory",
        "iii",
        (me, a) -> base(me, a[0]).removeDirectoryAt(path(me, a, 1)));
    to.add("path_unlink_file", "iii", (me, a) -> base(me, a[0]).unlinkFileAt(path(me, a, 1)));
    to.add(
        "path_filestat_get",
        "iiiii",
        (me, a) ->
            StatFunctions.put(me, (int) a[4], base(me, a[0]).statAt(follow(a[1]), path(me, a, 2))));
    to.add(
        "path_filestat_set_times",
        "iiiilli",
        (me, a) ->
            base(me, a[0])
                .setTimesAt(
                    follow(a[1]),
                    path(me, a, 2),
                    StatFunctions.accessed(a[4], (int) a[6]),
                    StatFunctions.modified(a[5], (int) a[6])));
    to.add(
        "path_link",
        "iiiiiii",
        (me, a) ->
            base(me, a[0]).linkAt(follow(a[1]), path(me, a, 2), base(me, a[4]), path(me, a, 5)));
    to.add(
        "path_rename",
        "iiiiii",
        (me, a) -> base(me, a[0]).renameAt(path(me, a, 1), base(me, a[3]), path(me, a, 4)));
    to.add(
        "path_symlink",
        "iiiii",
        (me, a) -> base(me, a[2]).symlinkAt(path(me, a, 0), path(me, a, 3)));
    to.add("path_readlink", "iiiiii", PathFunctions::readLink);
  }

  private static Descriptor base(Instance me, long number) throws ErrnoException {
    if (me.get((int) number) instanceof Open.Node node) {
      return node.descriptor;
    }
    throw new ErrnoException(Errno.NOTDIR);
  }

  private static String path(Instance me, long[] a, int first) throws ErrnoException {
    return me.text((int) a[first], (int) a[first + 1]);
  }

  private static boolean follow(long flags) {
    return (flags & FOLLOW) != 0;
  }

  private static void readLink(Instance me, long[] a) throws ErrnoException, IOException {
    byte[] says = base(me, a[0]).readLinkAt(path(me, a, 1)).getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.min(says.length, Integer.toUnsignedLong((int) a[4]));
    me.put((int) a[3], says, length);
    me.memory().putInt((int) a[5], length);
  }

  private static void open(Instance me, long[] a) throws ErrnoException, IOException {
    Set<Descriptor.OpenFlag> how = Cases.flags(Descriptor.OpenFlag.class, a[4] & 0xf);
    long rights = a[5];
    int fdFlags = (int) a[7];
    Set<Descriptor.Flag> wanted = EnumSet.noneOf(Descriptor.Flag.class);
    if ((rights & READ) != 0) {
      wanted.add(Descriptor.Flag.READ);
    }
    if ((rights & WRITE) != 0 && !how.contains(Descriptor.OpenFlag.DIRECTORY)) {
      wanted.add(Descriptor.Flag.WRITE);
    }
    if ((fdFlags & DSYNC) != 0) {
      wanted.add(Descriptor.Flag.DATA_INTEGRITY_SYNC);
    }
    if ((fdFlags & (RSYNC | SYNC)) != 0) {
      wanted.add(Descriptor.Flag.FILE_INTEGRITY_SYNC);
    }
    Descriptor opened = base(me, a[0]).openAt(follow(a[1]), path(me, a, 2), how, wanted);
    Open.Node node = new Open.Node(opened, null);
    node.append = (fdFlags & APPEND) != 0;
    me.memory().putInt((int) a[8], me.add(node));
  }
}
