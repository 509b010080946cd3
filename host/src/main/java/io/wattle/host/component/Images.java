package io.wattle.host.component;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Fetches the bytes of component images. Today these are files. */
public final class Images {
  private static final String FILE = "file://";

  private final boolean allowFiles;
  private final long maxBytes;

  /**
   * @param allowFiles whether {@code file://} references may be loaded
   * @param maxBytes the largest component
   */
  public Images(boolean allowFiles, long maxBytes) {
    this.allowFiles = allowFiles;
    this.maxBytes = maxBytes;
  }

  /** The bytes behind a reference. */
  byte[] load(String ref) throws ComponentException {
    if (ref.isEmpty()) {
      throw new ComponentException(
          "component_ref: empty (expected: file:///path/to/component.wasm)");
    }
    if (!ref.startsWith(FILE)) {
      throw new ComponentException(
          ref
              + ": pulling from a registry is not there yet; use file:// and an absolute path on"
              + " the host");
    }
    if (!allowFiles) {
      throw new ComponentException(
          ref + ": this host does not load files; start it with --allow-file-load");
    }
    return read(ref, path(ref));
  }

  private byte[] read(String ref, Path path) throws ComponentException {
    if (!Files.exists(path)) {
      throw new ComponentException(ref + ": not found on this host (no such file: " + path + ")");
    }
    try {
      if (!Files.isRegularFile(path)) {
        throw new ComponentException(ref + ": not a file (expected: a .wasm component)");
      }
      long size = Files.size(path);
      if (size > maxBytes) {
        throw new ComponentException(
            ref + ": " + size + " bytes (expected: at most " + maxBytes + ")");
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new ComponentException(ref + ": cannot be read: " + e, e);
    }
  }

  private static Path path(String ref) throws ComponentException {
    try {
      Path path = Path.of(ref.substring(FILE.length()));
      if (!path.isAbsolute()) {
        throw new ComponentException(
            ref + ": relative (expected: file:// and an absolute path, file:///a/b.wasm)");
      }
      return path;
    } catch (InvalidPathException e) {
      throw new ComponentException(ref + ": not a path: " + e.getMessage(), e);
    }
  }
}
