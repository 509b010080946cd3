package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.wasi.filesystem.Descriptor.Flag;
import java.util.EnumSet;
import java.util.Set;

/** The bits of {@code fdflags}. */
final class FdFlags {
  static final int APPEND = 1;
  static final int NONBLOCK = 4;
  private static final int DSYNC = 2;
  private static final int RSYNC = 8;
  private static final int SYNC = 16;

  private FdFlags() {}

  /** What they ask of writes. */
  static Set<Flag> syncOf(int bits) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    if ((bits & DSYNC) != 0) {
      flags.add(Flag.DATA_INTEGRITY_SYNC);
    }
    if ((bits & RSYNC) != 0) {
      flags.add(Flag.REQUESTED_WRITE_SYNC);
    }
    if ((bits & SYNC) != 0) {
      flags.add(Flag.FILE_INTEGRITY_SYNC);
    }
    return flags;
  }

  /** Those of a file that was opened so. */
  static int of(Open.Node node) {
    Set<Flag> flags = node.descriptor.flags();
    return of(node.nonBlocking)
        | (node.append ? APPEND : 0)
        | (flags.contains(Flag.DATA_INTEGRITY_SYNC) ? DSYNC : 0)
        | (flags.contains(Flag.REQUESTED_WRITE_SYNC) ? RSYNC : 0)
        | (flags.contains(Flag.FILE_INTEGRITY_SYNC) ? SYNC : 0);
  }

  static int of(boolean nonBlocking) {
    return nonBlocking ? NONBLOCK : 0;
  }

  /** Whether they differ only in what may change while a file is open. */
  static boolean canBecome(int bits, int other) {
    return ((bits ^ other) & ~(APPEND | NONBLOCK)) == 0;
  }
}
