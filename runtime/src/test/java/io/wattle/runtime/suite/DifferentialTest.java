package io.wattle.runtime.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.runtime.component.Seeds;
import io.wattle.runtime.engine.endive.RandomModule;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.suite.Outcome.Status;
import io.wattle.runtime.testing.CargoTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same answers as wasmtime's, or a line in {@code differences.txt} that says why not. It takes
 * minutes, and Cargo builds wasmtime for it, so it runs only when asked to ({@code
 * build/differential}). What was counted is in {@code target/differential.json}.
 */
@EnabledIfSystemProperty(named = "wattle.differential", matches = "true")
class DifferentialTest {
  private static final Path REPORT = Path.of("target", "differential.json");

  /** Bytes: in a larger one, most changes are to the same kind of place. */
  private static final int MOST_OF_A_SEED = 4_000;

  private static final Map<String, Object> counted = new TreeMap<>();
  private static final Map<String, Pattern> listed = new LinkedHashMap<>();

  /** {@code script SCRIPT:LINE REASON}, or {@code KIND PATTERN # REASON}. */
  @BeforeAll
  static void differences() {
    for (String line : Rules.lines("differences.txt")) {
      String kind = line.substring(0, line.indexOf(' '));
      String pattern = line.substring(kind.length() + 1, line.lastIndexOf(" # "));
      listed.put(line, Pattern.compile(Pattern.quote(kind) + " .*(" + pattern.strip() + ").*"));
    }
  }

  private static Wasmtime wasmtime() throws IOException, InterruptedException {
    try {
      return Wasmtime.find();
    } catch (CargoTool.Unavailable e) {
      System.out.println("NOTHING IS COMPARED WITH WASMTIME: " + e.getMessage());
      return abort(e.getMessage());
    }
  }

  private static String because(String difference) {
    String text = difference.replaceAll("\\s+", " ");
    return listed.entrySet().stream()
        .filter(entry -> entry.getValue().matcher(text).matches())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private static void report(String what, Map<String, Integer> counts) throws IOException {
    counted.put("wasmtime", Wasmtime.VERSION);
    counted.put(what, counts);
    System.out.println(what + ": " + counts);
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(REPORT.toFile(), counted);
  }

  private static void count(Map<String, Integer> counts, String key) {
    counts.merge(key, 1, Integer::sum);
  }

  /** Keeps an input to look at; its name. */
  private static String keep(byte[] input) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "differences"));
    String name = Integer.toHexString(Arrays.hashCode(input)) + ".wasm";
    Files.write(folder.resolve(name), input);
    return name;
  }

  @Test
  void suite(@TempDir Path work) throws Exception {
    Wasmtime wasmtime = wasmtime();
    SuiteFolder folder = SuiteFolder.find();
    Imports none = Imports.of(HostInterfaces.of(List.of()));
    Conformance ours =
        Conformance.run(
            folder, WasmTools.find(), work.resolve("ours"), none, Rules.load("rules.txt"));
    Set<String> known =
        Rules.lines("known-failures.txt").stream()
            .map(line -> line.split(" ", 2)[0])
            .collect(Collectors.toSet());
    Map<String, Integer> counts = new TreeMap<>();
    List<String> unlisted = new ArrayList<>();
    for (Map.Entry<String, List<Outcome>> script : ours.scripts().entrySet()) {
      Map<Integer, String> theirs =
          wasmtime.failures(folder.folder().resolve(script.getKey()), work);
      for (Outcome outcome : script.getValue()) {
        String where = script.getKey() + ":" + outcome.line();
        boolean theyPass = !theirs.containsKey(outcome.line());
        boolean wePass = outcome.status() == Status.PASSED;
        if (outcome.status() == Status.SKIPPED) {
          count(counts, "skipped");
        } else if (theyPass == wePass) {
          count(counts, wePass ? "both pass" : "both fail");
        } else if (theyPass) {
          count(counts, "only wasmtime passes");
          if (!known.contains(where)) {
            unlisted.add(where + " passes in wasmtime; ours: " + outcome.detail());
          }
        } else {
          count(counts, "only ours passes");
          String difference = "script " + where + " " + theirs.get(outcome.line());
          if (because(difference).isEmpty()) {
            unlisted.add(difference);
          }
        }
      }
    }
    report("assertions of the suite", counts);
    assertThat(unlisted).as("differences that are not listed").isEmpty();
  }

  @Test
  void whatIsValid(@TempDir Path work) throws Exception {
    Wasmtime wasmtime = wasmtime();
    List<byte[]> seeds = new ArrayList<>(Seeds.components());
    seeds.addAll(SuiteSeeds.binaries(work));
    seeds.addAll(modules());
    Map<String, Integer> counts = new TreeMap<>();
    List<String> unlisted = new ArrayList<>();
    Path file = work.resolve("input.wasm");
    int wanted = Integer.getInteger("wattle.differential.inputs", 2_000);
    try (Judge judge = new Judge()) {
      for (byte[] input : Mutants.of(seeds, wanted, Integer.getInteger("wattle.fuzz.seed", 1))) {
        Files.write(file, input);
        CargoTool.Result theirs = wasmtime.compile(file);
        String ours = judge.refusal(input);
        if (theirs.ok() == ours.isEmpty()) {
          count(counts, theirs.ok() ? "both accept" : "both refuse");
          continue;
        }
        count(counts, theirs.ok() ? "only wasmtime accepts" : "only ours accepts");
        String difference = theirs.ok() ? "refused " + ours : "accepted " + theirs.output().strip();
        if (because(difference).isEmpty()) {
          unlisted.add(keep(input) + " " + difference);
        }
      }
    }
    report("inputs, valid or not", counts);
    assertThat(unlisted).as("differences that are not listed").isEmpty();
  }

  /** Small core modules, of all proposals that there are. */
  private static List<byte[]> modules() throws IOException {
    List<byte[]> modules = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "engine"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".wasm")).sorted().toList()) {
        byte[] wasm = Files.readAllBytes(file);
        if (wasm.length < MOST_OF_A_SEED) {
          modules.add(wasm);
        }
      }
    }
    return modules;
  }

  @Test
  void whatIsComputed(@TempDir Path work) throws Exception {
    Wasmtime wasmtime = wasmtime();
    Map<String, byte[]> modules = new TreeMap<>(Smith.modules(work));
    modules.put("traps", Calls.resource("/engine/traps.wasm"));
    compareModules(wasmtime, work, modules, "calls");
  }

  /** Loops that jump back for long: what Smith makes hardly does. */
  @Test
  void whatLoopsCompute(@TempDir Path work) throws Exception {
    Map<String, byte[]> modules = new TreeMap<>();
    int seed = Integer.getInteger("wattle.fuzz.seed", 1);
    int wanted = Integer.getInteger("wattle.differential.modules", 200) / 2;
    for (int i = 0; i < wanted; i++) {
      modules.put("loops-" + i, RandomModule.looping((long) seed << 32 | i));
    }
    compareModules(wasmtime(), work, modules, "calls of loops");
  }

  /** Every vector instruction, in random functions. */
  @Test
  void whatVectorsCompute(@TempDir Path work) throws Exception {
    Map<String, byte[]> modules = new TreeMap<>();
    int seed = Integer.getInteger("wattle.fuzz.seed", 1);
    int wanted = Integer.getInteger("wattle.differential.modules", 200) / 2;
    for (int i = 0; i < wanted; i++) {
      modules.put("vectors-" + i, RandomModule.vectors((long) seed << 32 | i));
    }
    compareModules(wasmtime(), work, modules, "calls of vectors");
  }

  private static void compareModules(
      Wasmtime wasmtime, Path work, Map<String, byte[]> modules, String what) throws Exception {
    Map<String, Integer> counts = new TreeMap<>();
    List<String> unlisted = new ArrayList<>();
    try (Calls calls = new Calls()) {
      for (Map.Entry<String, byte[]> module : modules.entrySet()) {
        Path file = Files.write(work.resolve("called.wasm"), module.getValue());
        String refused = calls.refusal(module.getValue());
        if (!refused.isEmpty()) {
          count(counts, "modules refused");
          if (because("refused " + refused).isEmpty()) {
            unlisted.add(keep(module.getValue()) + " refused " + refused);
          }
          continue;
        }
        for (Calls.Call call : calls.of(module.getValue())) {
          CargoTool.Result theirs = wasmtime.invoke(file, call.function(), call.arguments());
          String expected = Calls.answer(theirs, call.results());
          for (String difference : calls.differences(module.getValue(), call, expected)) {
            count(counts, "different");
            if (because("called " + difference).isEmpty()) {
              unlisted.add(keep(module.getValue()) + " " + call + " " + difference);
            }
          }
          count(counts, expected.startsWith("trap") ? "calls that trap" : "calls that return");
        }
      }
      counts.put("answers of hot code", calls.hot());
    }
    report(what, counts);
    assertThat(unlisted).as("differences that are not listed").isEmpty();
  }

  @Test
  void whatComponentsAnswer(@TempDir Path work) throws Exception {
    Wasmtime wasmtime = wasmtime();
    Path script = Files.write(work.resolve("echo.wast"), Calls.resource("/suite/echo.wast"));
    WasmTools.find().convert(script, work.resolve("echo"));
    compareCalls(
        wasmtime, work.resolve("echo").resolve("commands.0.wasm"), Rules.lines("echo-calls.txt"));
    Path dist = Path.of("..", "components", "dist");
    compareCalls(wasmtime, dist.resolve("greeter-c.wasm"), List.of("greet \"Ada\"", "greet 1"));
    compareCalls(wasmtime, dist.resolve("wasi-0-3-async.wasm"), List.of("answer "));
  }

  private static void compareCalls(Wasmtime wasmtime, Path file, List<String> lines)
      throws Exception {
    Map<String, Integer> counts = new TreeMap<>();
    List<String> unlisted = new ArrayList<>();
    try (ComponentCalls calls = new ComponentCalls(Files.readAllBytes(file))) {
      for (String line : lines) {
        String function = line.substring(0, line.indexOf(' '));
        String argument = line.substring(function.length() + 1);
        String theirs =
            calls.theirs(
                function, wasmtime.invoke(file, function + "(" + argument + ")", List.of()));
        String ours = calls.ours(function, argument);
        count(counts, theirs.equals(ComponentCalls.REFUSED) ? "refused" : "answered");
        String difference = "component " + line + ": " + ours + " (wasmtime: " + theirs + ")";
        if (!ours.equals(theirs) && because(difference).isEmpty()) {
          unlisted.add(difference);
        }
      }
    }
    report("calls of " + file.getFileName(), counts);
    assertThat(unlisted).as("differences that are not listed").isEmpty();
  }
}
