package io.wattle.runtime.suite;

import io.wattle.runtime.testing.CargoTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Core modules that {@code wasm-tools smith} makes of noise: valid, and they end. */
final class Smith {
  private static final CargoTool TOOL =
      new CargoTool(
          "wasm-tools",
          "1.263.0",
          "wasm-tools",
          List.of("--debug", "--no-default-features", "--features", "smith"),
          List.of(List.of("smith")));

  /** What Endive does not have stays out, and NaNs of which vectors would show the bits. */
  private static final List<String> OPTIONS =
      List.of(
          "--ensure-termination",
          "--max-imports=0",
          "--min-funcs=1",
          "--max-funcs=8",
          "--export-everything=true",
          "--max-memories=1",
          "--max-memory32-bytes=1048576",
          "--max-memory64-bytes=1048576",
          "--max-table-elements=1000",
          "--gc-enabled=false",
          "--threads-enabled=false",
          "--simd-enabled=true",
          "--canonicalize-nans=true",
          "--relaxed-simd-enabled=false",
          "--memory64-enabled=true",
          "--custom-page-sizes-enabled=false",
          "--wide-arithmetic-enabled=true",
          "--shared-everything-threads-enabled=false");

  private Smith() {}

  /** By number; the same ones each time. */
  static Map<String, byte[]> modules(Path work)
      throws CargoTool.Unavailable, IOException, InterruptedException {
    Path tool = TOOL.find();
    Random random = new Random(Integer.getInteger("wattle.fuzz.seed", 1));
    Map<String, byte[]> modules = new TreeMap<>();
    int wanted = Integer.getInteger("wattle.differential.modules", 200);
    for (int i = 0; i < wanted; i++) {
      byte[] noise = new byte[200 + random.nextInt(2_000)];
      random.nextBytes(noise);
      Path input = Files.write(work.resolve("noise"), noise);
      Path output = work.resolve("made.wasm");
      List<String> command = new ArrayList<>(List.of(tool.toString(), "smith"));
      command.addAll(OPTIONS);
      command.addAll(List.of(input.toString(), "-o", output.toString()));
      CargoTool.Result made = CargoTool.run(command, 60);
      if (!made.ok()) {
        throw new IOException("wasm-tools smith: " + made.output());
      }
      modules.put("smith-" + i, ExportNames.numbered(Files.readAllBytes(output)));
    }
    return modules;
  }
}
