package io.wattle.runtime.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.endive.EveryKind;
import io.wattle.runtime.suite.Outcome.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The core specification's own suite (github.com/WebAssembly/testsuite), by hand, because nothing
 * fetches it: {@code -Dwattle.core.suite=FOLDER}, where {@code FOLDER} has its {@code *.wast}. Each
 * script runs in each way in which the engine runs functions; what does not pass is in {@code
 * core-known-failures.txt} with its reason, and {@code target/core-suite.txt} has the counts.
 */
@EnabledIfSystemProperty(
    named = "wattle.core.suite",
    matches = ".+",
    disabledReason = "-Dwattle.core.suite names no folder with the suite")
class CoreSuiteTest {
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final long STACK = 4L << 20;
  private static final Path REPORT = Path.of("target", "core-suite.txt");

  @TestFactory
  List<DynamicNode> kinds(@TempDir Path work) throws Exception {
    SuiteFolder suite = new SuiteFolder(Path.of(System.getProperty("wattle.core.suite")));
    WasmTools tools = WasmTools.find();
    Path spectest = Files.writeString(work.resolve("spectest.wast"), SpectestModule.TEXT);
    var _ = tools.convert(spectest, work.resolve("spectest"));
    byte[] module = Files.readAllBytes(work.resolve("spectest/commands.0.wasm"));
    Map<String, Path> commands = new LinkedHashMap<>();
    for (String script : suite.scripts()) {
      if (!script.startsWith("legacy/")) { // of a proposal that was withdrawn
        commands.put(
            script,
            tools.convert(
                suite.folder().resolve(script), work.resolve(script.replace(".wast", ""))));
      }
    }
    List<String> report = new ArrayList<>();
    List<DynamicNode> nodes = new ArrayList<>();
    for (Map.Entry<String, CoreEngine> kind : EveryKind.enginesAndPieces().entrySet()) {
      Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
      try (CoreEngine engine = kind.getValue()) {
        for (Map.Entry<String, Path> script : commands.entrySet()) {
          outcomes.put(script.getKey(), run(engine, script.getValue(), module));
        }
        report.add(kind.getKey() + ": " + counts(outcomes) + ", parts " + EveryKind.parts(engine));
        System.out.println(report.getLast());
        Files.write(REPORT, report);
      }
      List<String> failed = details(outcomes, Status.FAILED);
      report.addAll(failed);
      report.addAll(details(outcomes, Status.SKIPPED));
      nodes.add(dynamicTest(kind.getKey(), () -> check(kind.getKey(), failed)));
    }
    Files.write(REPORT, report);
    return nodes;
  }

  /** On a thread like those that guests run on. */
  private static List<Outcome> run(CoreEngine engine, Path commands, byte[] spectest)
      throws Exception {
    Path folder = commands.resolveSibling("");
    try (CoreScriptRunner runner = new CoreScriptRunner(engine, folder, spectest)) {
      FutureTask<List<Outcome>> task = new FutureTask<>(() -> runner.run(commands));
      Thread thread = new Thread(null, task, "core-suite", STACK);
      thread.setDaemon(true);
      thread.start();
      try {
        return task.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        runner.stop();
        return List.of(new Outcome(0, "script", Status.FAILED, "takes too long"));
      }
    }
  }

  /** What fails is listed, and what is listed fails: {@code script:line [kind] => reason}. */
  private static void check(String kind, List<String> failed) {
    List<String> unknown = new ArrayList<>(failed);
    List<String> passing = new ArrayList<>();
    for (String line : Rules.lines("core-known-failures.txt")) {
      String[] where = line.substring(0, line.indexOf(" => ")).split(" ", 2);
      if (where.length == 1 || where[1].equals(kind)) {
        String begin = where[0].endsWith("*") ? where[0].replace("*", "") : where[0] + " ";
        if (!unknown.removeIf(each -> each.startsWith(begin))) {
          passing.add(line);
        }
      }
    }
    assertThat(unknown).as("failures that are not known").isEmpty();
    assertThat(passing).as("known failures that pass").isEmpty();
  }

  private static String counts(Map<String, List<Outcome>> outcomes) {
    List<Outcome> all =
        outcomes.values().stream()
            .flatMap(List::stream)
            .filter(outcome -> outcome.what().startsWith("assert"))
            .toList();
    return Arrays.stream(Status.values())
        .map(status -> Conformance.count(all, status) + " " + status)
        .collect(Collectors.joining(", "));
  }

  private static List<String> details(Map<String, List<Outcome>> outcomes, Status status) {
    List<String> lines = new ArrayList<>();
    outcomes.forEach(
        (script, all) ->
            all.stream()
                .filter(outcome -> outcome.status() == status)
                .map(o -> script + ":" + o.line() + " " + o.what() + ": " + o.detail())
                .forEach(lines::add));
    return lines;
  }
}
