package io.wattle.runtime.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.wattle.runtime.suite.Outcome.Status;
import io.wattle.runtime.testing.CargoTool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
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
    Conformance conformance = Conformance.run(SuiteFolder.find(), tools, work);
    conformance.write(REPORT);
    Map<String, String> known = known();
    List<DynamicNode> nodes = new ArrayList<>();
    conformance.scripts().forEach((script, outcomes) -> nodes.add(script(script, outcomes, known)));
    nodes.add(dynamicTest("no assertion that passed before", () -> baseline(conformance)));
    nodes.add(
        dynamicTest(
            "known failures are all in the suite",
            () -> assertThat(known.keySet()).as("known-failures.txt").isEmpty()));
    return nodes;
  }

  /** Reasons by {@code script:line}. */
  private static Map<String, String> known() {
    Map<String, String> known = new LinkedHashMap<>();
    for (String line : Rules.lines("known-failures.txt")) {
      String[] parts = line.split(" ", 2);
      known.put(parts[0], parts[1]);
    }
    return known;
  }

  private static DynamicNode script(
      String script, List<Outcome> outcomes, Map<String, String> known) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      String reason = known.remove(script + ":" + outcome.line());
      tests.add(
          dynamicTest(
              "line " + outcome.line() + ", " + outcome.what(),
              () -> check(script, outcome, reason)));
    }
    return dynamicContainer(script, tests);
  }

  private static void check(
      String script, Outcome outcome, @org.jspecify.annotations.Nullable String reason) {
    String where = script + ":" + outcome.line() + " " + outcome.what();
    switch (outcome.status()) {
      case PASSED -> assertThat(reason).as(where + " passes: remove it from the list").isNull();
      case SKIPPED -> abort(where + ": " + outcome.detail());
      case FAILED -> {
        if (reason == null) {
          fail(where + ": " + outcome.detail());
        }
        abort(where + ": " + reason + ": " + outcome.detail());
      }
    }
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
