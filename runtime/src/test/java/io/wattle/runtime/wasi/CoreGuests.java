package io.wattle.runtime.wasi;

import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.wasi.preview1.CoreProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Guests that are core modules. */
final class CoreGuests {
  static final CoreEngine ENGINE = Engines.endive(EngineOptions.defaults());
  static final GuestThreads THREADS = new GuestThreads(4L << 20);

  private static final Path DIST = Path.of("..", "components", "dist");

  private CoreGuests() {}

  static CoreProgram load(String name) {
    try {
      return CoreProgram.load(ENGINE, Files.readAllBytes(DIST.resolve(name + ".wasm")));
    } catch (IOException | InvalidModuleException | LinkException e) {
      throw new AssertionError(name, e);
    }
  }

  /** Runs a command to its exit code. */
  static int run(String name, WasiOptions options) throws InterruptedException {
    return load(name)
        .run(Guests.task(Duration.ofSeconds(60)), options, StoreLimits.DEFAULT, THREADS);
  }
}
