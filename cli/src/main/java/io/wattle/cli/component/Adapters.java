package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.KeyValues;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.wasi.preview1.CoreProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What {@code --adapt NAME=FILE} gave: wasm-tools makes a component of a core module and these. */
final class Adapters {
  private Adapters() {}

  /**
   * The component of a core module and adapters of its imports.
   *
   * @param options {@code NAME=FILE} each
   * @throws CommandException naming the option that fits neither the module nor a file
   */
  static byte[] apply(String file, List<String> options)
      throws CommandException, InterruptedException {
    if (!Files.isRegularFile(LocalRuntime.path(file))) {
      throw CommandException.usage("--adapt: " + file + " is not a file (expected: a core module)");
    }
    Map<String, String> files = KeyValues.parse("--adapt", options);
    for (String adapter : files.values()) {
      if (!Files.isRegularFile(Path.of(adapter))) {
        throw CommandException.notFound("--adapt: no such file: " + adapter);
      }
    }
    SortedSet<String> imported = imports(file);
    for (String name : files.keySet()) {
      if (!imported.contains(name)) {
        throw CommandException.usage(
            "--adapt "
                + name
                + ": "
                + file
                + " imports nothing from it (expected: "
                + (imported.isEmpty() ? "none, it imports nothing" : String.join(", ", imported))
                + ")");
      }
    }
    try {
      return WasmTools.component(LocalRuntime.path(file), options);
    } catch (IOException e) {
      throw CommandException.failed("cannot adapt " + file + ": " + e.getMessage()).because(e);
    }
  }

  /** The modules that a core module imports from. */
  private static SortedSet<String> imports(String file)
      throws CommandException, InterruptedException {
    byte[] wasm = LocalRuntime.read(file);
    if (!CoreProgram.isCoreModule(wasm)) {
      throw CommandException.usage(
          "--adapt: " + file + " is no core module (a component needs no adapter)");
    }
    try (LocalRuntime runtime = LocalRuntime.looking()) {
      return CoreProgram.look(runtime.engine(), wasm).imports().stream()
          .map(CoreModule.CoreImport::module)
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (InvalidModuleException e) {
      throw CommandException.failed(file + ": " + e.getMessage()).because(e);
    }
  }
}
