package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.host.Cases;
import io.wattle.runtime.wasi.filesystem.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/** What names a file by an open directory and a path. */
final class PathFunctions {
  private static final int FOLLOW = 1;

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
    if ((rights & Rights.READ) != 0) {
      wanted.add(Descriptor.Flag.READ);
    }
    if ((rights & Rights.WRITE) != 0) {
      wanted.add(Descriptor.Flag.WRITE);
    }
    wanted.addAll(FdFlags.syncOf(fdFlags));
    Descriptor opened = base(me, a[0]).openAt(follow(a[1]), path(me, a, 2), how, wanted);
    Open.Node node = new Open.Node(opened, null);
    node.append = (fdFlags & FdFlags.APPEND) != 0;
    node.nonBlocking = (fdFlags & FdFlags.NONBLOCK) != 0;
    me.memory().putInt((int) a[8], me.add(node));
  }
}
