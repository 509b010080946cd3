package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Memory;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.wasi.preview1.CoreProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A runtime of the command's own, for files on this machine. */
final class LocalRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRuntime.class);
  private static final String FILE = "file://";
  private static final String STANDARD_INPUT = "-";

  /** Sizes and offsets in a binary fit into it; a device may have no end. */
  private static final int MOST_BYTES = 1 << 29;

  private static final long CACHE_BYTES = 1L << 30;

  /** Memories that may become larger than this are not flat: growing copies them. */
  private static final long LARGE = 1L << 30;

  private final CoreEngine engine;
  private final ComponentRuntime runtime;

  private LocalRuntime(EngineOptions options) {
    engine = Engines.endive(options);
    runtime = ComponentRuntime.on(engine);
  }

  /** To look at files. */
  static LocalRuntime looking() {
    return new LocalRuntime(
        EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
  }

  /** To compile them for memories of that kind, and keep what was compiled in a folder. */
  static LocalRuntime compiling(Path folder, Memory kind) throws CommandException {
    try {
      return new LocalRuntime(keeping(folder).withMemory(kind));
    } catch (IOException e) {
      throw CommandException.failed(
              "cannot keep compiled modules in " + folder + ": " + DataDir.describe(e))
          .hint("--to names another folder.")
          .because(e);
    }
  }

  /**
   * To run them; what was compiled before, by whichever command, is taken from where it was kept.
   * What was not is compiled first: a command runs once, and a loop that it never leaves would stay
   * interpreted. Its memory is flat unless it may grow too large for that.
   */
  static LocalRuntime running(StoreLimits limits) {
    Memory kind = limits.memoryBytes() > LARGE ? Memory.SHARED_PAGES : Memory.FLAT;
    return new LocalRuntime(keepingIfPossible().withMemory(kind));
  }

  /** To answer requests: at once, interpreted until it is compiled; else as above. */
  static LocalRuntime serving() {
    return new LocalRuntime(keepingIfPossible().withExecution(EngineOptions.Execution.TIERED));
  }

  private static EngineOptions keepingIfPossible() {
    Path folder = compiled();
    try {
      return keeping(folder);
    } catch (IOException e) {
      LOG.warn("compiled modules are not kept: {}: {}", folder, DataDir.describe(e));
      return EngineOptions.defaults();
    }
  }

  private static EngineOptions keeping(Path folder) throws IOException {
    DataDir.createPrivate(folder);
    return EngineOptions.defaults().withCache(folder, CACHE_BYTES);
  }

  /** Where compiled modules are kept, of the user: XDG base directory specification. */
  static Path compiled() {
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path base =
        cache.isBlank() ? Path.of(System.getProperty("user.home", "."), ".cache") : Path.of(cache);
    return base.resolve("wattle").resolve("modules");
  }

  ComponentRuntime runtime() {
    return runtime;
  }

  CoreEngine engine() {
    return engine;
  }

  /** Whether a name is that of a file, there or not, rather than a component's id. */
  static boolean isFile(String name) {
    return name.endsWith(".wasm")
        || name.endsWith(".wat")
        || name.startsWith(FILE)
        || name.equals(STANDARD_INPUT)
        || (name.indexOf('/') >= 0 && Files.exists(path(name)));
  }

  static Path path(String file) {
    return Path.of(file.startsWith(FILE) ? file.substring(FILE.length()) : file);
  }

  /**
   * The bytes of a file, a pipe, or standard input ({@code -}); text ({@code .wat}) is translated
   * by wasm-tools.
   */
  static byte[] read(String file) throws CommandException, InterruptedException {
    if (file.equals(STANDARD_INPUT)) {
      return read(file, System.in);
    }
    Path path = path(file);
    if (!Files.exists(path)) {
      throw CommandException.notFound("no such file: " + file);
    }
    if (Files.isDirectory(path)) {
      throw CommandException.usage(file + " is a directory (expected: a component, .wasm)");
    }
    try (InputStream from = Files.newInputStream(path)) {
      return file.endsWith(".wat") ? WasmTools.binary(path) : read(file, from);
    } catch (IOException e) {
      throw CommandException.failed("cannot read " + file + ": " + DataDir.describe(e)).because(e);
    }
  }

  private static byte[] read(String file, InputStream from) throws CommandException {
    try {
      byte[] wasm = from.readNBytes(MOST_BYTES + 1);
      if (wasm.length > MOST_BYTES) {
        throw CommandException.failed(
            file + " is larger than " + (MOST_BYTES >> 20) + " MiB (expected: a component)");
      }
      return wasm;
    } catch (IOException e) {
      throw CommandException.failed("cannot read " + file + ": " + DataDir.describe(e)).because(e);
    }
  }

  /** Loads a file, or says why it is no component that can run. */
  Component load(String file) throws CommandException, InterruptedException {
    return load(file, read(file));
  }

  /** Loads what was read from a file. */
  Component load(String file, byte[] wasm) throws CommandException {
    try {
      return runtime.load(wasm);
    } catch (InvalidComponentException e) {
      throw CommandException.failed(file + ": " + e.getMessage()).because(e);
    }
  }

  /** What was read from a file, to look at: nobody needs to serve what it imports. */
  Component look(String file, byte[] wasm) throws CommandException {
    try {
      return runtime.look(wasm);
    } catch (InvalidComponentException e) {
      throw CommandException.failed(file + ": " + e.getMessage()).because(e);
    }
  }

  /** Compiles a core module and checks its imports. */
  CoreProgram loadCore(String file, byte[] wasm) throws CommandException {
    try {
      return CoreProgram.load(engine, wasm);
    } catch (InvalidModuleException | LinkException e) {
      throw CommandException.failed(file + ": " + e.getMessage()).because(e);
    }
  }

  @Override
  public void close() {
    runtime.close();
    engine.close();
  }
}
