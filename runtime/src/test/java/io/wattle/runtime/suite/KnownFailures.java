package io.wattle.runtime.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.wattle.runtime.suite.Outcome.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** The assertions of a suite that do not pass, each with its reason, and tests that say so. */
final class KnownFailures {
  private final String resource;
  private final Map<String, String> reasons = new LinkedHashMap<>();

  /** Reads lines of the form {@code SCRIPT:LINE REASON}; {@code *} is every line that fails. */
  KnownFailures(String resource) {
    this.resource = resource;
    for (String line : Rules.lines(resource)) {
      String[] parts = line.split(" ", 2);
      reasons.put(parts[0], parts[1]);
    }
  }

  /** A test for each assertion of these scripts, and one that nothing is listed besides. */
  List<DynamicNode> tests(Conformance conformance) {
    Set<String> left = new LinkedHashSet<>(reasons.keySet());
    List<DynamicNode> nodes = new ArrayList<>();
    conformance
        .scripts()
        .forEach(
            (script, outcomes) -> {
              List<DynamicTest> tests = new ArrayList<>();
              for (Outcome outcome : outcomes) {
                String key = key(script, outcome);
                left.remove(key);
                String reason = reasons.get(key);
                tests.add(
                    dynamicTest(
                        "line " + outcome.line() + ", " + outcome.what(),
                        () -> check(script, outcome, reason)));
              }
              nodes.add(dynamicContainer(script, tests));
            });
    nodes.add(
        dynamicTest(
            "known failures are all in the suite", () -> assertThat(left).as(resource).isEmpty()));
    return nodes;
  }

  private String key(String script, Outcome outcome) {
    String all = script + ":*";
    return outcome.status() == Status.FAILED && reasons.containsKey(all)
        ? all
        : script + ":" + outcome.line();
  }

  private static void check(String script, Outcome outcome, @Nullable String reason) {
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
}
