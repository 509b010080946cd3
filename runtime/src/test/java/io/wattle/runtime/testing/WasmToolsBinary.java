package io.wattle.runtime.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The program {@code wasm-tools} with what tests need of it: the suite's converter, the text format
 * and adapters. One version only, because it has to know exactly the syntax of the suite's commit.
 */
public final class WasmToolsBinary {
  public static final String VERSION = "1.258.0";

  // Unoptimised: a third of the time to build, and fast enough for the suite.
  private static final CargoTool TOOL =
      new CargoTool(
          "wasm-tools",
          VERSION,
          "wasm-tools",
          List.of(
              "--debug", "--no-default-features", "--features", "json-from-wast,component,parse"),
          List.of(List.of("json-from-wast"), List.of("component", "new"), List.of("parse")));

  private WasmToolsBinary() {}

  /** The one of this version, built if need be. */
  public static Path find() throws CargoTool.Unavailable, IOException, InterruptedException {
    return TOOL.find();
  }
}
