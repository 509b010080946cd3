package io.wattle.runtime.suite;

import io.wattle.runtime.testing.CargoTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The suite's small binaries, for fuzzing to start from. */
public final class SuiteSeeds {
  private static final long LARGEST = 8_192;

  private SuiteSeeds() {}

  /** All of them, in order; none where the converter cannot be had. */
  public static List<byte[]> binaries(Path work) throws IOException, InterruptedException {
    WasmTools tools;
    try {
      tools = WasmTools.find();
    } catch (CargoTool.Unavailable e) {
      return List.of();
    }
    SuiteFolder suite = SuiteFolder.find();
    List<byte[]> seeds = new ArrayList<>();
    for (String script : suite.scripts()) {
      Path folder = work.resolve(script.replace(".wast", ""));
      var _ = tools.convert(suite.folder().resolve(script), folder);
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          if (file.toString().endsWith(".wasm") && Files.size(file) <= LARGEST) {
            seeds.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return seeds;
  }
}
