package io.wattle.lattice.nats;

import java.io.IOException;
import java.nio.file.Path;

/** A way to get a {@code nats-server}. */
sealed interface BinarySource permits UpstreamRelease, GoInstall, DebianPackage {
  /** For people. */
  String describe();

  /** Part of the file's name in the cache. */
  String key();

  /** Gets it into the directory {@code work}, which nobody else uses. */
  Path fetch(Path work) throws IOException, InterruptedException;
}
