package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.wasi.filesystem.Descriptor;
import io.wattle.runtime.wasi.filesystem.FileType;
import java.util.Set;

/**
 * The bits of {@code rights}: what guests are told that they may do with what is open. They cannot
 * be given up, and nothing goes by them but how a path is opened.
 */
final class Rights {
  /** {@code fd_read} and {@code fd_readdir}. */
  static final long READ = 1L << 1 | 1L << 14;

  static final long WRITE = 1L << 6;

  static final long ALL = (1L << 30) - 1;

  private static final long SEEK_AND_TELL = 1L << 2 | 1L << 5;

  /** fd_read, fd_advise, fd_allocate, *_filestat_set_size, poll_fd_readwrite, sock_*. */
  private static final long OF_FILES =
      1L << 1 | SEEK_AND_TELL | WRITE | 0b11L << 7 | 1L << 19 | 1L << 22 | 0b111L << 27;

  private Rights() {}

  static long of(Open open) {
    return switch (open) {
      case Open.Node node -> of(node.descriptor);
      // What cannot seek and is a character device is a terminal to C libraries.
      case Open.Input input -> ALL & ~SEEK_AND_TELL & ~WRITE;
      case Open.Output output -> ALL & ~SEEK_AND_TELL & ~READ;
      case Open.Listener listener -> ALL & ~SEEK_AND_TELL;
      case Open.Connection connection -> ALL & ~SEEK_AND_TELL;
    };
  }

  /** What is opened by way of it may get these. */
  static long inherited(Open open) {
    boolean isDirectory =
        open instanceof Open.Node node && node.descriptor.type() == FileType.DIRECTORY;
    return isDirectory ? ALL : of(open);
  }

  private static long of(Descriptor descriptor) {
    if (descriptor.type() == FileType.DIRECTORY) {
      return ALL & ~OF_FILES;
    }
    Set<Descriptor.Flag> flags = descriptor.flags();
    return ALL
        & (flags.contains(Descriptor.Flag.READ) ? ALL : ~READ)
        & (flags.contains(Descriptor.Flag.WRITE) ? ALL : ~WRITE);
  }
}
