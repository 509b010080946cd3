package io.wattle.runtime.wasi.filesystem;

import io.wattle.runtime.wasi.io.GuestInput;
import io.wattle.runtime.wasi.io.GuestOutput;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of the resource {@code descriptor}: an open file or directory. Methods do what
 * those of wasi:filesystem/types do.
 */
public final class Descriptor {
  private static final int ANYBODY = 0666;

  private final OpenFiles owner;
  private final OpenFile file;
  private final FileType type;
  private final Set<Flag> flags;

  /** Whether it lies in a directory that the guest may change. */
  private final boolean changeable;

  private Descriptor(
      OpenFiles owner, OpenFile file, FileType type, Set<Flag> flags, boolean changeable) {
    this.owner = owner;
    this.file = file;
    this.type = type;
    this.flags = Set.copyOf(flags);
    this.changeable = changeable;
  }

  /** {@code descriptor-flags}, in their order. */
  public enum Flag {
    READ,
    WRITE,
    FILE_INTEGRITY_SYNC,
    DATA_INTEGRITY_SYNC,
    REQUESTED_WRITE_SYNC,
    MUTATE_DIRECTORY
  }

  /** {@code open-flags}, in their order. */
  public enum OpenFlag {
    CREATE,
    DIRECTORY,
    EXCLUSIVE,
    TRUNCATE
  }

  /** Opens a directory that the guest is given. */
  public static Descriptor of(OpenFiles owner, Preopen given) throws FileException {
    Libc libc = Libc.get();
    OpenFile file =
        owner.open(
            () ->
                Native.open(
                    Libc.AT_FDCWD,
                    given.host().toAbsolutePath().toString(),
                    Libc.O_RDONLY | libc.directory,
                    0));
    return new Descriptor(
        owner,
        file,
        FileType.DIRECTORY,
        given.readOnly() ? Set.of(Flag.READ) : Set.of(Flag.READ, Flag.MUTATE_DIRECTORY),
        !given.readOnly());
  }

  public Set<Flag> flags() {
    return flags;
  }

  public FileType type() {
    return type;
  }

  private int fd() throws FileException {
    return file.fd();
  }

  /** The number of the directory that paths begin at. */
  private int base() throws FileException {
    if (type != FileType.DIRECTORY) {
      throw new FileException(ErrorCode.NOT_DIRECTORY);
    }
    return fd();
  }

  private int writableBase() throws FileException {
    int base = base();
    if (!changeable) {
      throw new FileException(ErrorCode.READ_ONLY);
    }
    return base;
  }

  private void need(Flag flag) throws FileException {
    if (type == FileType.DIRECTORY) {
      throw new FileException(ErrorCode.IS_DIRECTORY);
    }
    if (!flags.contains(flag)) {
      throw new FileException(ErrorCode.BAD_DESCRIPTOR);
    }
  }

  public GuestInput readStream(long offset) throws FileException {
    need(Flag.READ);
    return new GuestInput(FileStreams.reading(file.share(), offset));
  }

  public GuestOutput writeStream(long offset) throws FileException {
    need(Flag.WRITE);
    return new GuestOutput(FileStreams.writing(file.share(), offset));
  }

  public GuestOutput appendStream() throws FileException {
    need(Flag.WRITE);
    return new GuestOutput(FileStreams.appending(file.share()));
  }

  /** Reads what one call gives; nothing at the end. */
  public byte[] read(long length, long offset) throws FileException {
    need(Flag.READ);
    return Native.read(fd(), length, offset);
  }

  /** Writes what one call takes and says how much that was. */
  public int write(byte[] data, long offset) throws FileException {
    need(Flag.WRITE);
    return Native.write(fd(), data, 0, data.length, offset);
  }

  /** Like {@link #write}, at the end. */
  public int append(byte[] data) throws FileException {
    need(Flag.WRITE);
    return Native.append(fd(), data, 0, data.length);
  }

  public void advise(long offset, long length, Advice advice) throws FileException {
    if (type == FileType.DIRECTORY) {
      throw new FileException(ErrorCode.BAD_DESCRIPTOR);
    }
    Native.advise(fd(), offset, length, advice.number);
  }

  /** {@code advice}, in its order, with the number of Linux. */
  public enum Advice {
    NORMAL(0),
    SEQUENTIAL(2),
    RANDOM(1),
    WILL_NEED(3),
    DONT_NEED(4),
    NO_REUSE(5);

    private final int number;

    Advice(int number) {
      this.number = number;
    }
  }

  /** Nothing to do for what was not opened for writing. */
  public void sync(boolean dataOnly) throws FileException {
    if (flags.contains(Flag.WRITE) || flags.contains(Flag.MUTATE_DIRECTORY)) {
      Native.sync(fd(), dataOnly);
    }
  }

  /** Not for what was opened to be read only, which is INVALID, as in POSIX. */
  public void setSize(long size) throws FileException {
    if (type != FileType.DIRECTORY && !flags.contains(Flag.WRITE)) {
      throw new FileException(ErrorCode.INVALID);
    }
    need(Flag.WRITE);
    Native.setSize(fd(), size);
  }

  public void setTimes(NewTime accessed, NewTime modified) throws FileException {
    if (!changeable) {
      throw new FileException(ErrorCode.READ_ONLY);
    }
    Native.setTimes(fd(), accessed, modified);
  }

  public FileStat stat() throws FileException {
    return Native.stat(fd());
  }

  public FileStat statAt(boolean follow, String path) throws FileException {
    try (Walk walk = walk(base(), follow, path)) {
      FileStat stat = walk.stat();
      if (walk.slash() && stat.type() != FileType.DIRECTORY) {
        throw new FileException(ErrorCode.NOT_DIRECTORY);
      }
      return stat;
    }
  }

  private static Walk walk(int base, boolean follow, String path) throws FileException {
    return follow || path.endsWith("/") ? Walk.through(base, path) : Walk.to(base, path);
  }

  public void setTimesAt(boolean follow, String path, NewTime accessed, NewTime modified)
      throws FileException {
    try (Walk walk = walk(writableBase(), follow, path)) {
      Native.setTimesAt(walk.directory(), walk.name(), accessed, modified);
    }
  }

  public Directory readDirectory() throws FileException {
    int base = base();
    Libc libc = Libc.get();
    return new Directory(
        owner.open(() -> Native.open(base, ".", Libc.O_RDONLY | libc.directory, 0)));
  }

  public void createDirectoryAt(String path) throws FileException {
    try (Walk walk = Walk.to(writableBase(), path)) {
      Native.makeDirectory(walk.directory(), walk.entry(ErrorCode.EXIST));
    }
  }

  public void linkAt(boolean follow, String path, Descriptor to, String newPath)
      throws FileException {
    try (Walk from = walk(writableBase(), follow, path);
        Walk target = Walk.to(to.writableBase(), newPath)) {
      if (from.slash() || target.slash()) {
        throw new FileException(from.slash() ? ErrorCode.NOT_DIRECTORY : ErrorCode.NO_ENTRY);
      }
      Native.link(
          from.directory(),
          from.entry(ErrorCode.NOT_PERMITTED),
          target.directory(),
          target.entry(ErrorCode.EXIST));
    }
  }

  public String readLinkAt(String path) throws FileException {
    try (Walk walk = Walk.to(base(), path)) {
      String says = Native.readLink(walk.directory(), walk.entry(ErrorCode.INVALID));
      if (says.startsWith("/")) {
        throw new FileException(ErrorCode.NOT_PERMITTED);
      }
      return says;
    }
  }

  public void removeDirectoryAt(String path) throws FileException {
    try (Walk walk = Walk.to(writableBase(), path)) {
      Native.unlink(walk.directory(), walk.entry(ErrorCode.INVALID), true);
    }
  }

  public void unlinkFileAt(String path) throws FileException {
    try (Walk walk = Walk.to(writableBase(), path)) {
      String name = walk.entry(ErrorCode.IS_DIRECTORY);
      if (walk.slash() && walk.stat().type() != FileType.DIRECTORY) {
        throw new FileException(ErrorCode.NOT_DIRECTORY);
      }
      Native.unlink(walk.directory(), name, false);
    }
  }

  public void renameAt(String path, Descriptor to, String newPath) throws FileException {
    try (Walk from = Walk.to(writableBase(), path);
        Walk target = Walk.to(to.writableBase(), newPath)) {
      if ((from.slash() || target.slash()) && from.stat().type() != FileType.DIRECTORY) {
        throw new FileException(ErrorCode.NOT_DIRECTORY);
      }
      Native.rename(
          from.directory(),
          from.entry(ErrorCode.BUSY),
          target.directory(),
          target.entry(ErrorCode.BUSY));
    }
  }

  public void symlinkAt(String says, String path) throws FileException {
    if (says.startsWith("/")) {
      throw new FileException(ErrorCode.NOT_PERMITTED);
    }
    if (says.indexOf('\0') >= 0) {
      throw new FileException(ErrorCode.INVALID);
    }
    try (Walk walk = Walk.to(writableBase(), path)) {
      if (walk.slash()) {
        throw new FileException(
            walk.stat().type() == FileType.DIRECTORY ? ErrorCode.EXIST : ErrorCode.NOT_DIRECTORY);
      }
      Native.makeSymbolicLink(says, walk.directory(), walk.entry(ErrorCode.EXIST));
    }
  }

  public Descriptor openAt(boolean follow, String path, Set<OpenFlag> how, Set<Flag> wanted)
      throws FileException {
    boolean changes =
        wanted.contains(Flag.WRITE)
            || wanted.contains(Flag.MUTATE_DIRECTORY)
            || how.contains(OpenFlag.TRUNCATE)
            || how.contains(OpenFlag.CREATE);
    int base = changes ? writableBase() : base();
    boolean directory = how.contains(OpenFlag.DIRECTORY);
    if (directory && how.size() > 1) {
      throw new FileException(ErrorCode.INVALID);
    }
    try (Walk walk = Walk.to(base, path)) {
      if (walk.slash() && how.contains(OpenFlag.CREATE)) {
        throw new FileException(ErrorCode.IS_DIRECTORY);
      }
      OpenFile opened = owner.open(() -> open(walk, follow, directory, how, wanted));
      return described(opened, wanted);
    }
  }

  private static int open(
      Walk walk, boolean follow, boolean directory, Set<OpenFlag> how, Set<Flag> wanted)
      throws FileException {
    Libc libc = Libc.get();
    int given = accessOf(wanted) | creationOf(how) | Libc.O_NOCTTY | Libc.O_NONBLOCK;
    while (true) {
      int flags = given | libc.noFollow | (directory || walk.slash() ? libc.directory : 0);
      try {
        return Native.open(walk.directory(), walk.name(), flags, ANYBODY);
      } catch (FileException e) {
        boolean perhapsLink = e.code() == ErrorCode.LOOP || e.code() == ErrorCode.NOT_DIRECTORY;
        if (!perhapsLink || !walk.isLink()) {
          throw e;
        }
        if (!follow && !walk.slash()) {
          throw new FileException(ErrorCode.LOOP);
        }
        walk.follow();
      }
    }
  }

  private static int accessOf(Set<Flag> wanted) {
    int access = Libc.O_RDONLY;
    if (wanted.contains(Flag.WRITE)) {
      access = wanted.contains(Flag.READ) ? Libc.O_RDWR : Libc.O_WRONLY;
    }
    // Linux has no other way to let reads be as sure as writes.
    if (wanted.contains(Flag.FILE_INTEGRITY_SYNC) || wanted.contains(Flag.REQUESTED_WRITE_SYNC)) {
      access |= Libc.O_SYNC;
    }
    return wanted.contains(Flag.DATA_INTEGRITY_SYNC) ? access | Libc.O_DSYNC : access;
  }

  private static int creationOf(Set<OpenFlag> how) {
    return (how.contains(OpenFlag.CREATE) ? Libc.O_CREAT : 0)
        | (how.contains(OpenFlag.EXCLUSIVE) ? Libc.O_EXCL : 0)
        | (how.contains(OpenFlag.TRUNCATE) ? Libc.O_TRUNC : 0);
  }

  /** What was opened; a directory can be changed as far as the one it was found in can. */
  private Descriptor described(OpenFile opened, Set<Flag> wanted) throws FileException {
    try {
      FileType opensAs = Native.stat(opened.fd()).type();
      Set<Flag> has =
          opensAs == FileType.DIRECTORY
              ? flags
              : wanted.contains(Flag.WRITE) || wanted.contains(Flag.READ)
                  ? wanted
                  : Set.of(Flag.READ);
      return new Descriptor(owner, opened, opensAs, has, changeable);
    } catch (FileException | RuntimeException e) {
      opened.release();
      throw e;
    }
  }

  public boolean isSameObject(@Nullable Descriptor other) {
    try {
      return other != null && stat().isSameFile(other.stat());
    } catch (FileException e) {
      return false;
    }
  }

  /** The guest needs it no more; its streams may. */
  public void drop() {
    file.release();
  }
}
