package io.wattle.runtime.suite;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * wasmtime's own tests of the component model, by hand, because nothing fetches them: {@code
 * -Dwattle.wasmtime.suite=FOLDER}, where {@code FOLDER} is {@code
 * tests/misc_testsuite/component-model} of github.com/bytecodealliance/wasmtime at {@link #COMMIT}.
 * What does not pass is in {@code wasmtime-failures.txt} with its reason.
 */
@EnabledIfSystemProperty(
    named = "wattle.wasmtime.suite",
    matches = ".+",
    disabledReason = "-Dwattle.wasmtime.suite names no folder with wasmtime's tests")
class WasmtimeSuiteTest {
  private static final String COMMIT = "e6b33de5139d915a48127fc78b790e2d306cf896";
  private static final Path REPORT = Path.of("target", "wasmtime-suite.json");

  @TestFactory
  List<DynamicNode> suite(@TempDir Path work) throws Exception {
    SuiteFolder folder = new SuiteFolder(Path.of(System.getProperty("wattle.wasmtime.suite")));
    Rules rules = Rules.load("rules.txt", "wasmtime-rules.txt");
    Conformance conformance =
        Conformance.run(folder, WasmTools.find(), work, WasmtimeHost.imports(), rules);
    conformance.write("wasmtime " + COMMIT, REPORT);
    return new KnownFailures("wasmtime-failures.txt").tests(conformance);
  }
}
