package io.wattle.runtime.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.suite.Outcome.Status;
import io.wattle.runtime.testing.CargoTool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every assertion of the component model's official suite (github.com/WebAssembly/component-model,
 * folder {@code test}). One that does not pass is in {@code known-failures.txt} with its reason;
 * how many pass in each script is in {@code baseline.txt}.
 */
class ConformanceTest {
  private static final Path REPORT = Path.of("target", "conformance.json");

  @TestFactory
  List<DynamicNode> suite(@TempDir Path work) throws Exception {
    WasmTools tools;
    try {
      tools = WasmTools.find();
    } catch (CargoTool.Unavailable e) {
      if (System.getenv("CI") != null) {
        throw e;
      }
      System.out.println("THE CONFORMANCE SUITE IS NOT RUN: " + e.getMessage());
      return abort(e.getMessage());
    }
    Imports none = Imports.of(HostInterfaces.of(List.of()));
    Conformance conformance =
        Conformance.run(SuiteFolder.find(), tools, work, none, Rules.load("rules.txt"));
    conformance.write("component-model " + SuiteFolder.COMMIT, REPORT);
    List<DynamicNode> nodes =
        new ArrayList<>(new KnownFailures("known-failures.txt").tests(conformance));
    nodes.add(dynamicTest("no assertion that passed before", () -> baseline(conformance)));
    return nodes;
  }

  /** The number passed may not fall, and what was won is written down. */
  private static void baseline(Conformance conformance) {
    Map<String, Long> passed = new TreeMap<>();
    conformance
        .scripts()
        .forEach(
            (script, outcomes) -> passed.put(script, Conformance.count(outcomes, Status.PASSED)));
    Map<String, Long> before = new TreeMap<>();
    for (String line : Rules.lines("baseline.txt")) {
      String[] parts = line.split(" ", 2);
      before.put(parts[0], Long.parseLong(parts[1]));
    }
    assertThat(passed)
        .as("assertions passed; where more pass than before, raise them in baseline.txt")
        .isEqualTo(before);
  }
}
