package io.wattle.runtime.suite;

import io.wattle.runtime.testing.CargoTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The runtime to compare with. One version only, since its answers are written down. */
record Wasmtime(Path executable) {
  static final String VERSION = "48.0.8";

  private static final CargoTool TOOL =
      new CargoTool(
          "wasmtime",
          VERSION,
          "wasmtime-cli",
          List.of(
              "--no-default-features",
              "--features",
              "run,compile,serve,wast,wat,parallel-compilation,cranelift,component-model,"
                  + "component-model-async,threads,gc,gc-drc,gc-null,addr2line,demangle"),
          List.of());

  /** Everything of the component model, and of core Wasm what Endive has. */
  private static final String FEATURES =
      "component-model-async=y,component-model-more-async-builtins=y,"
          + "component-model-async-stackful=y,component-model-threading=y,"
          + "component-model-error-context=y,component-model-fixed-length-lists=y,"
          + "component-model-map=y,component-model-implements=y,component-model-memory64=y,"
          + "threads=y,exceptions=y,gc=y,shared-everything-threads=y,wide-arithmetic=y";

  private static final Pattern DIRECTIVE = Pattern.compile("failed directive on [^\n]*?:(\\d+)");
  private static final long SECONDS = 60;

  static Wasmtime find() throws CargoTool.Unavailable, IOException, InterruptedException {
    return new Wasmtime(TOOL.find());
  }

  private CargoTool.Result run(List<String> command, List<String> more)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(executable.toString()));
    all.addAll(command);
    all.addAll(List.of("-W", FEATURES));
    all.addAll(more);
    return CargoTool.run(all, SECONDS);
  }

  /** Whether it takes a binary for valid; the output says why not. */
  CargoTool.Result compile(Path wasm) throws IOException, InterruptedException {
    return run(
        List.of("compile", "-O", "opt-level=0", "-o", "/dev/null"), List.of(wasm.toString()));
  }

  /** Calls an export of a core module, with arguments as it takes them on the command line. */
  CargoTool.Result invoke(Path wasm, String function, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> more = new ArrayList<>(List.of("--invoke", function, wasm.toString()));
    more.addAll(arguments);
    return run(List.of("run", "-O", "opt-level=0", "-W", "fuel=50000000"), more);
  }

  /**
   * What does not pass of a script: reasons by line. It stops at the first failure of a script, so
   * what failed is taken out, and the rest runs again.
   *
   * @throws IOException when it does not run a script at all
   */
  Map<Integer, String> failures(Path script, Path work) throws IOException, InterruptedException {
    Map<Integer, String> failures = new LinkedHashMap<>();
    String text = Files.readString(script);
    while (true) {
      Path left = Files.writeString(work.resolve("left.wast"), text);
      CargoTool.Result result = run(List.of("wast"), List.of(left.toString()));
      if (result.ok()) {
        return failures;
      }
      Matcher directive = DIRECTIVE.matcher(result.output());
      if (!directive.find()) {
        throw new IOException(script + " does not run: " + result.output());
      }
      int line = Integer.parseInt(directive.group(1));
      if (failures.put(line, reason(result.output(), directive.end())) != null) {
        throw new IOException(script + ":" + line + " fails although it was taken out");
      }
      text = WastText.without(text, line);
    }
  }

  private static String reason(String output, int from) {
    int end = output.indexOf("Stack backtrace", from);
    String text = output.substring(from, end < 0 ? output.length() : end);
    return text.replaceAll("\\s+", " ").strip();
  }
}
