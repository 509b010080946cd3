package io.wattle.cli.base;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Image references as people write them. */
public final class ImageRefs {
  private static final String FILE = "file://";

  private ImageRefs() {}

  /**
   * A reference that means the same for every process of this machine: {@code file://} with a
   * relative path, and a path that leads to a file, become absolute, from {@code base}; anything
   * else stays as it is.
   *
   * @throws CommandException when it names a file that is not there
   */
  public static String absolute(String reference, Path base) throws CommandException {
    if (reference.startsWith(FILE)) {
      return file(base.resolve(path(reference)), reference);
    }
    boolean path =
        reference.startsWith("./")
            || reference.startsWith("../")
            || reference.startsWith("/")
            || (reference.endsWith(".wasm") && !reference.contains(":"));
    return path ? file(base.resolve(reference), reference) : reference;
  }

  private static String path(String reference) {
    String path = reference.substring(FILE.length());
    if (!path.startsWith("/")) {
      return path;
    }
    return path.contains("%") && !Files.exists(Path.of(path))
        ? Path.of(URI.create(reference)).toString()
        : path;
  }

  private static String file(Path file, String reference) throws CommandException {
    Path absolute = file.toAbsolutePath().normalize();
    if (!Files.isRegularFile(absolute)) {
      throw CommandException.notFound("image: " + reference + ": no such file: " + absolute);
    }
    return FILE + absolute;
  }
}
