package io.wattle.chaos;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that the tests run in. */
final class Repository {
  private static final Path ROOT = root();

  private Repository() {}

  /** Its folder. */
  static Path folder() {
    return ROOT;
  }

  /** The reference of a committed guest. */
  static String guest(String name) {
    Path wasm = ROOT.resolve("components/dist").resolve(name + ".wasm");
    if (!Files.isRegularFile(wasm)) {
      throw new IllegalArgumentException("guest: " + name + " (expected: one in components/dist)");
    }
    return "file://" + wasm;
  }

  /** A committed example application. */
  static String manifest(String name) {
    return ROOT.resolve("wadm-manifests").resolve(name).toString();
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("components/dist"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("no folder components/dist above the working directory");
      }
      folder = parent;
    }
    return folder;
  }
}
