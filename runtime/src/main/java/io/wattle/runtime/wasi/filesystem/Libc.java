package io.wattle.runtime.wasi.filesystem;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that name a file by an open directory and one name, which {@code java.nio.file}
 * has only some of: no {@code mkdirat}, {@code symlinkat}, {@code linkat} or {@code readlinkat}
 * (docs/decisions.md, "Files by open directory"). Linux with 64-bit x86 or Arm; elsewhere {@link
 * #get} refuses.
 */
@SuppressWarnings("restricted")
final class Libc {
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NOCTTY = 0x100;
  static final int O_TRUNC = 0x200;
  static final int O_NONBLOCK = 0x800;
  static final int O_DSYNC = 0x1000;
  static final int O_SYNC = 0x101000;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int RWF_APPEND = 0x10;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  static final MemoryLayout STATE = Linker.Option.captureStateLayout();

  /** Made on first use; a system without it throws each time. */
  private static final class Holder {
    private static final @Nullable Libc INSTANCE = supported() ? new Libc() : null;
  }

  /** O_DIRECTORY of this processor. */
  final int directory;

  /** O_NOFOLLOW of this processor. */
  final int noFollow;

  final MethodHandle openat =
      variadic("openat", 3, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  final MethodHandle close = function("close", JAVA_INT, JAVA_INT);
  final MethodHandle statx =
      function("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  final MethodHandle readlinkat =
      function("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  final MethodHandle mkdirat = function("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  final MethodHandle symlinkat = function("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  final MethodHandle linkat =
      function("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  final MethodHandle unlinkat = function("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  final MethodHandle renameat =
      function("renameat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  final MethodHandle utimensat =
      function("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  final MethodHandle futimens = function("futimens", JAVA_INT, JAVA_INT, ADDRESS);
  final MethodHandle ftruncate = function("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
  final MethodHandle fsync = function("fsync", JAVA_INT, JAVA_INT);
  final MethodHandle fdatasync = function("fdatasync", JAVA_INT, JAVA_INT);
  final MethodHandle pread = function("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  final MethodHandle pwrite =
      function("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  final MethodHandle pwritev2 =
      function("pwritev2", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT);
  final MethodHandle fadvise =
      function("posix_fadvise", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  final MethodHandle getdents = function("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private Libc() {
    boolean arm = isArm();
    directory = arm ? 0x4000 : 0x10000;
    noFollow = arm ? 0x8000 : 0x20000;
  }

  /**
   * The functions.
   *
   * @throws IllegalArgumentException on systems other than Linux on x86-64 and arm64
   */
  static Libc get() {
    Libc libc = Holder.INSTANCE;
    if (libc == null) {
      throw new IllegalArgumentException(
          "directories can be given to components on Linux on x86-64 and arm64 only (this is "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + "): elsewhere paths cannot be kept inside them");
    }
    return libc;
  }

  private static boolean supported() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return system.startsWith("linux")
        && (isArm() || System.getProperty("os.arch", "").equals("amd64"))
        && Stream.of("statx", "getdents64", "pwritev2")
            .allMatch(name -> Linker.nativeLinker().defaultLookup().find(name).isPresent());
  }

  private static boolean isArm() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... parameters) {
    return link(name, result, parameters, ERRNO);
  }

  private static MethodHandle variadic(
      String name, int fixed, MemoryLayout result, MemoryLayout... parameters) {
    return link(name, result, parameters, ERRNO, Linker.Option.firstVariadicArg(fixed));
  }

  private static MethodHandle link(
      String name, MemoryLayout result, MemoryLayout[] parameters, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    MemorySegment code =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
    return linker.downcallHandle(code, FunctionDescriptor.of(result, parameters), options);
  }
}
