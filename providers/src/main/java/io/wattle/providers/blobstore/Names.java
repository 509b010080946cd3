package io.wattle.providers.blobstore;

import io.wattle.lattice.blobstore.BlobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Paths below a root, from names that components give. Nothing leads out: no name steps up, and a
 * symbolic link is not followed, wherever it is. (A component cannot make one; whoever else writes
 * below the root at the same moment is trusted.)
 */
final class Names {
  /** Where objects are written before they are whole. */
  static final String UNFINISHED = ".wattle-unfinished";

  private static final int LONGEST = 1024;

  private Names() {}

  /** The directory of a container; it may not be there. */
  static Path container(Path root, String name) throws BlobException {
    check("container", name);
    if (name.indexOf('/') >= 0) {
      throw invalid("container", name);
    }
    return noLink(root.resolve(name), "container", name);
  }

  /** The file of an object; it may not be there. */
  static Path object(Path container, String name) throws BlobException {
    check("object", name);
    Path path = container;
    for (String part : name.split("/", -1)) {
      path = noLink(path.resolve(part), "object", name);
    }
    return path;
  }

  private static Path noLink(Path path, String what, String name) throws BlobException {
    if (Files.isSymbolicLink(path)) {
      throw new BlobException(what + " " + name + ": a symbolic link is on its way");
    }
    return path;
  }

  /** Makes the directories between a container and an object. */
  static void makeParents(Path container, Path object) throws IOException {
    Path parent = container;
    for (Path part : container.relativize(object.getParent())) {
      parent = parent.resolve(part);
      if (!part.toString().isEmpty() && !Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(parent);
      }
    }
  }

  private static void check(String what, String name) throws BlobException {
    if (name.isEmpty()
        || name.length() > LONGEST
        || name.indexOf('\\') >= 0
        || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw invalid(what, name);
    }
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.equals(UNFINISHED)) {
        throw invalid(what, name);
      }
    }
  }

  private static BlobException invalid(String what, String name) {
    String shown = name.length() > 60 ? name.substring(0, 60) + "..." : name;
    return new BlobException(
        what
            + ": \""
            + shown
            + "\" (expected: a name without .., empty parts, backslashes and control characters"
            + (what.equals("container") ? ", and without /)" : ")"));
  }
}
