package io.wattle.runtime.suite;

import io.wattle.runtime.testing.CargoTool;
import io.wattle.runtime.testing.WasmToolsBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The converter from the suite's text to binaries: {@code wasm-tools json-from-wast}. */
record WasmTools(Path executable) {
  static final String VERSION = WasmToolsBinary.VERSION;

  /** The one of this version, built if need be. */
  static WasmTools find() throws CargoTool.Unavailable, IOException, InterruptedException {
    return new WasmTools(WasmToolsBinary.find());
  }

  /** Converts a script into commands and binaries in {@code folder}: the file of commands. */
  Path convert(Path script, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path commands = folder.resolve("commands.json");
    CargoTool.Result converted =
        CargoTool.run(
            List.of(
                executable.toString(),
                "json-from-wast",
                "--wasm-dir",
                folder.toString(),
                "-o",
                commands.toString(),
                script.toString()),
            120);
    if (!converted.ok()) {
      throw new IOException(script + " could not be converted: " + converted.output());
    }
    return commands;
  }
}
