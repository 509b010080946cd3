package io.wattle.providers.blobstore;

import io.wattle.lattice.blobstore.BlobException;
import io.wattle.lattice.blobstore.ObjectId;
import io.wattle.lattice.blobstore.ObjectInfo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A root directory: containers are its directories, objects their files, {@code a/b} in directory
 * {@code a}. Objects appear and are replaced as a whole.
 */
record Folder(Path root) {
  /** A list of more names is to be asked for in parts. */
  static final int MOST_NAMES = 100_000;

  /** What a file operation does; its failure is told by what it was for. */
  private interface Action<T> {
    T run() throws IOException, BlobException;
  }

  /** Makes the root, if need be. */
  static Folder at(Path root) throws IOException {
    Files.createDirectories(root);
    Path real = root.toRealPath();
    Files.createDirectories(real.resolve(Names.UNFINISHED));
    return new Folder(real);
  }

  boolean exists(String container) throws BlobException {
    return Files.isDirectory(Names.container(root, container), LinkOption.NOFOLLOW_LINKS);
  }

  void create(String container) throws BlobException {
    Path path = Names.container(root, container);
    var _ = run("make container " + container, () -> Files.createDirectories(path));
  }

  private Path open(String container) throws BlobException {
    Path path = Names.container(root, container);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new BlobException("no container " + container);
    }
    return path;
  }

  private Path open(ObjectId id) throws BlobException {
    Path path = Names.object(open(id.container()), id.object());
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new BlobException("no object " + id);
    }
    return path;
  }

  void remove(String container, boolean itself) throws BlobException {
    Path path = open(container);
    var _ =
        run(
            (itself ? "delete" : "clear") + " container " + container,
            () -> Files.walkFileTree(path, new Remover(itself ? null : path)));
  }

  long created(String container) throws BlobException {
    Path path = open(container);
    return run("look at container " + container, () -> attributes(path))
        .creationTime()
        .toInstant()
        .getEpochSecond();
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  List<String> list(String container, OptionalLong limit, OptionalLong offset)
      throws BlobException {
    Path path = open(container);
    Lister lister =
        new Lister(
            path,
            offset.orElse(0),
            limit.isPresent() && Long.compareUnsigned(limit.getAsLong(), MOST_NAMES) < 0
                ? (int) limit.getAsLong()
                : MOST_NAMES);
    var _ = run("list container " + container, () -> Files.walkFileTree(path, lister));
    if (lister.more && limit.isEmpty()) {
      throw new BlobException(
          "container " + container + ": more than " + MOST_NAMES + " objects (expected: a limit)");
    }
    return lister.names;
  }

  boolean has(ObjectId id) throws BlobException {
    return Files.isRegularFile(
        Names.object(open(id.container()), id.object()), LinkOption.NOFOLLOW_LINKS);
  }

  ObjectInfo info(ObjectId id) throws BlobException {
    Path path = open(id);
    BasicFileAttributes found = run("look at " + id, () -> attributes(path));
    return new ObjectInfo(found.creationTime().toInstant().getEpochSecond(), found.size());
  }

  void delete(String container, List<String> objects) throws BlobException {
    Path path = open(container);
    for (String object : objects) {
      Path file = Names.object(path, object);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        var _ = run("delete " + container + "/" + object, () -> Files.deleteIfExists(file));
      }
    }
  }

  void copy(ObjectId from, ObjectId to) throws BlobException {
    Path source = open(from);
    var _ = open(to.container());
    Path copy = unfinished();
    try {
      var _ = run("copy " + from, () -> Files.copy(source, copy, LinkOption.NOFOLLOW_LINKS));
      finish(copy, to);
    } finally {
      discard(copy);
    }
  }

  void move(ObjectId from, ObjectId to) throws BlobException {
    finish(open(from), to);
  }

  FileChannel read(ObjectId id) throws BlobException {
    Path path = open(id);
    return run(
        "read " + id,
        () -> FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /** Checks that an object may be written, and names the file for its bytes. */
  Path begin(ObjectId id) throws BlobException {
    var _ = Names.object(open(id.container()), id.object());
    return unfinished();
  }

  private Path unfinished() {
    return root.resolve(Names.UNFINISHED).resolve(UUID.randomUUID().toString());
  }

  /** A whole file takes the object's place. */
  void finish(Path whole, ObjectId id) throws BlobException {
    Path container = open(id.container());
    Path object = Names.object(container, id.object());
    var _ =
        run(
            "write " + id,
            () -> {
              Names.makeParents(container, object);
              return Files.move(
                  whole,
                  object,
                  StandardCopyOption.ATOMIC_MOVE,
                  StandardCopyOption.REPLACE_EXISTING);
            });
  }

  void discard(Path unfinished) {
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      // it is found again when the next provider starts
    }
  }

  private static <T> T run(String what, Action<T> action) throws BlobException {
    try {
      return action.run();
    } catch (NoSuchFileException e) {
      throw new BlobException("cannot " + what + ": it is not there", e);
    } catch (IOException e) {
      throw new BlobException("cannot " + what + ": " + reason(e), e);
    }
  }

  /** Without paths of this machine. */
  static String reason(IOException e) {
    String text =
        e instanceof java.nio.file.FileSystemException named && named.getReason() != null
            ? named.getReason()
            : e instanceof java.nio.file.FileSystemException ? null : e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text;
  }

  /** Deletes what it meets; links themselves, not what they lead to. */
  private static final class Remover extends SimpleFileVisitor<Path> {
    private final @Nullable Path kept;

    Remover(@Nullable Path kept) {
      this.kept = kept;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes found) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (!directory.equals(kept)) {
        Files.delete(directory);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  /** Collects the names of regular files. */
  private static final class Lister extends SimpleFileVisitor<Path> {
    private final Path container;
    private final int most;
    private final List<String> names = new ArrayList<>();
    private long skip;
    private boolean more;

    Lister(Path container, long skip, int most) {
      this.container = container;
      this.skip = skip;
      this.most = most;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
      if (!found.isRegularFile()) {
        return FileVisitResult.CONTINUE;
      }
      if (skip != 0) {
        skip--;
        return FileVisitResult.CONTINUE;
      }
      if (names.size() == most) {
        more = true;
        return FileVisitResult.TERMINATE;
      }
      names.add(container.relativize(file).toString());
      return FileVisitResult.CONTINUE;
    }
  }
}
