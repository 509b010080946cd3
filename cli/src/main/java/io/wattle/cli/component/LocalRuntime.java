package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A runtime of the command's own, for files on this machine. */
final class LocalRuntime implements AutoCloseable {
  private final CoreEngine engine;
  private final ComponentRuntime runtime;

  LocalRuntime(EngineOptions.Execution execution) {
    engine = Engines.endive(EngineOptions.defaults().withExecution(execution));
    runtime = ComponentRuntime.on(engine);
  }

  ComponentRuntime runtime() {
    return runtime;
  }

  /** Loads a file, or says why it is no component that can run. */
  Component load(String file) throws CommandException {
    String name = file.startsWith("file://") ? file.substring("file://".length()) : file;
    Path path = Path.of(name);
    if (!Files.exists(path)) {
      throw CommandException.notFound("no such file: " + file);
    }
    if (!Files.isRegularFile(path)) {
      throw CommandException.usage(file + " is not a file (expected: a component, .wasm)");
    }
    try {
      return runtime.load(Files.readAllBytes(path));
    } catch (InvalidComponentException e) {
      throw CommandException.failed(file + ": " + e.getMessage()).because(e);
    } catch (IOException e) {
      throw CommandException.failed("cannot read " + file + ": " + e.getMessage()).because(e);
    }
  }

  @Override
  public void close() {
    runtime.close();
    engine.close();
  }
}
