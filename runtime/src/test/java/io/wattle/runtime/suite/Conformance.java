package io.wattle.runtime.suite;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.suite.Outcome.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The outcome of the whole suite: by script, in order. */
record Conformance(Map<String, List<Outcome>> scripts) {
  /** Scripts whose guests throw and catch. */
  private static final Set<String> EXCEPTIONS =
      Set.of("linking/tags.wast", "tags.wast", "exceptions.wast", "async/exceptions.wast");

  /** Runs all scripts, for which the host gives {@code imports}. */
  static Conformance run(
      SuiteFolder suite, WasmTools tools, Path work, Imports imports, Rules rules)
      throws IOException, InterruptedException {
    Map<String, List<Outcome>> scripts = new LinkedHashMap<>();
    EngineOptions options = EngineOptions.defaults();
    try (CoreEngine interpreting = Engines.endive(options.withExecution(Execution.INTERPRETED));
        CoreEngine compiling = Engines.endive(options.withExecution(Execution.COMPILED));
        ComponentRuntime interpreted = ComponentRuntime.on(interpreting);
        ComponentRuntime compiled = ComponentRuntime.on(compiling)) {
      for (String script : suite.scripts()) {
        Path folder = work.resolve(script.replace(".wast", ""));
        Path commands = tools.convert(suite.folder().resolve(script), folder);
        // Interpreted: what is asked of hundreds of modules here is right answers, once. Modules
        // with exceptions are compiled wherever they run (docs/decisions.md), so here too.
        ComponentRuntime runtime = EXCEPTIONS.contains(script) ? compiled : interpreted;
        try (ScriptRunner runner = new ScriptRunner(runtime, imports, rules, folder)) {
          scripts.put(script, runner.run(commands));
        }
      }
    }
    return new Conformance(scripts);
  }

  static long count(List<Outcome> outcomes, Status status) {
    return outcomes.stream().filter(outcome -> outcome.status() == status).count();
  }

  private static Map<String, Long> counts(List<Outcome> outcomes) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("passed", count(outcomes, Status.PASSED));
    counts.put("failed", count(outcomes, Status.FAILED));
    counts.put("skipped", count(outcomes, Status.SKIPPED));
    return counts;
  }

  /** Writes what passed, failed and was skipped, in all and by script. */
  void write(String suite, Path file) throws IOException {
    Map<String, Object> files = new LinkedHashMap<>();
    scripts.forEach((script, outcomes) -> files.put(script, counts(outcomes)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("suite", suite);
    json.put("converter", "wasm-tools " + WasmTools.VERSION);
    json.put("total", counts(scripts.values().stream().flatMap(List::stream).toList()));
    json.put("files", files);
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json);
  }
}
