package io.wattle.runtime.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The converter from the suite's text to binaries: {@code wasm-tools json-from-wast}. One version
 * only, because it has to know exactly the syntax of the suite's commit.
 */
record WasmTools(Path executable) {
  static final String VERSION = "1.258.0";

  // Unoptimised: a third of the time to build, and fast enough for the suite.
  private static final CargoTool TOOL =
      new CargoTool(
          "wasm-tools",
          VERSION,
          "wasm-tools",
          List.of("--debug", "--no-default-features", "--features", "json-from-wast"));

  /** The one of this version, built if need be. */
  static WasmTools find() throws CargoTool.Unavailable, IOException, InterruptedException {
    return new WasmTools(TOOL.find());
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
