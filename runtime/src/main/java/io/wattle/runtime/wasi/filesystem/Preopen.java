package io.wattle.runtime.wasi.filesystem;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory of this machine that a component is given.
 *
 * @param host where it is here
 * @param guest what the component knows it as
 * @param readOnly whether nothing in it can be changed
 */
public record Preopen(Path host, String guest, boolean readOnly) {
  private static final String SEPARATOR = "::";
  private static final String READ_ONLY = ":readonly";

  public Preopen {
    if (guest.isEmpty()) {
      throw new IllegalArgumentException("the name of directory " + host + " is empty");
    }
  }

  /**
   * Reads {@code HOST::GUEST[:readonly]}; {@code HOST} alone is known by the same name.
   *
   * @throws IllegalArgumentException when it is not that, or no directory, or this system cannot
   *     give directories to guests
   */
  public static Preopen parse(String text) {
    boolean readOnly = text.endsWith(READ_ONLY);
    String names = readOnly ? text.substring(0, text.length() - READ_ONLY.length()) : text;
    int at = names.indexOf(SEPARATOR);
    String host = at < 0 ? names : names.substring(0, at);
    String guest = at < 0 ? names : names.substring(at + SEPARATOR.length());
    if (host.isEmpty() || guest.isEmpty()) {
      throw new IllegalArgumentException(
          "directory: " + text + " (expected: HOST::GUEST, HOST::GUEST:readonly or HOST)");
    }
    Path path = Path.of(host).toAbsolutePath();
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          "directory: " + host + " " + (Files.exists(path) ? "is none" : "is not there"));
    }
    Libc.get();
    return new Preopen(path, guest, readOnly);
  }
}
