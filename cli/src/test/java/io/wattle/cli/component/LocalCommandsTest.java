package io.wattle.cli.component;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.wattle.cli.Running;
import io.wattle.cli.Said;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ExitCode;
import io.wattle.runtime.testing.CargoTool;
import io.wattle.runtime.testing.WasmToolsBinary;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs on this machine, without a lattice. */
@Timeout(180)
final class LocalCommandsTest {
  private static final Path DIST = Path.of("..", "components", "dist");
  private static final String FILES = DIST.resolve("files-std.wasm").toString();
  private static final String HTTP = DIST.resolve("http-hello-world.wasm").toString();

  private static final String CORE = DIST.resolve("files-std-core.wasm").toString();
  private static final Path ADAPTER =
      Path.of("src", "test", "resources", "adapter", "wasi_snapshot_preview1.command.wasm");
  private static final String PREVIEW_1 = "wasi_snapshot_preview1=" + ADAPTER;

  private static final Path WIT = Path.of("src", "test", "resources", "wit", "wasi-0-3.wit");

  @TempDir Path folder;

  /** Commands that run here read standard input, by which Surefire speaks to this process. */
  @BeforeAll
  static void standardInputIsEmpty() {
    System.setIn(InputStream.nullInputStream());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void runGivesDirectoriesAndPassesTheExitCodeOn() throws Exception {
    String dir = folder + "::/data";
    assertThat(Said.by("run", FILES, "--dir", dir, "--", "write /data/a hello").exitCode())
        .isZero();
    assertThat(folder.resolve("a")).hasContent("hello");
    Said refused = Said.by("run", FILES, "--dir", dir + ":readonly", "--", "write /data/a other");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).isEmpty();
    assertThat(folder.resolve("a")).hasContent("hello");
    String core = DIST.resolve("files-std-core.wasm").toString();
    assertThat(Said.by("run", core, "--dir", dir, "--", "rm /data/a").exitCode()).isZero();
    assertThat(folder.resolve("a")).doesNotExist();
    assertThat(Said.by("run", core, "--dir", dir, "--", "rm /data/a").exitCode()).isEqualTo(7);
    assertThat(Said.by("-o", "json", "run", FILES, "--", "read /data/a").json().at("/exit_code"))
        .hasToString("1");
  }

  @ParameterizedTest
  @CsvSource({
    "--dir, nowhere::/data, --dir: directory: nowhere is not there",
    "--dir, ::/data, '--dir: directory: ::/data (expected: HOST::GUEST'",
    "--env, novalue, '--env: \"novalue\" is not set here (expected: KEY=VALUE, or KEY of'",
    "--env, =value, '--env: \"=value\" (expected: key=value)'",
    "--timeout, 0, '--timeout: \"0\" (expected: seconds, like 90, or 1500ms, 2m, 1h; not 0)'",
    "--timeout, -1, '--timeout: \"-1\" (expected: seconds'",
    "--timeout, 99999999999h, '--timeout: \"99999999999h\" (expected: seconds'",
    "--max-memory-size, 64MB, '--max-memory-size: \"64MB\" (expected: bytes'",
    "--allow-net, 'somewhere:', '--allow-net: \"somewhere:\" (expected: HOST:PORT'",
    "--allow-listen, somewhere, '--allow-listen: \"somewhere\" (expected: HOST:PORT'",
    "--tcplisten, '127.0.0.1:x', '--tcplisten: \"127.0.0.1:x\" (expected: HOST:PORT'",
    "--max-memory-size, 1, '--max-memory-size: \"1\" (expected: bytes, at least 65536, or a number"
        + " with k, m or g'"
  })
  void wrongOptionsAreExplained(String option, String value, String message) {
    Said said = Said.by("run", FILES, option, value);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(message);
  }

  @Test
  void whatIsTheWrongKindOfComponentIsRefused() {
    String counter = DIST.resolve("http-counter.wasm").toString();
    assertThat(Said.by("serve", counter).err())
        .contains(
            "nothing serves its imports wasi:keyvalue/store@0.2.0-draft",
            "interface atomics, to keyvalue-nats or keyvalue-redis",
            "`wattle up`");
    Said nowhere = Said.by("serve", HTTP, "--addr", "somewhere");
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("--addr: \"somewhere\" (expected: HOST:PORT");
    assertThat(Said.by("serve", FILES).err())
        .contains("exports wasi:cli/run@0.2", "(expected: wasi:http/incoming-handler@0.2.x)");
    assertThat(Said.by("run", HTTP).err())
        .contains("exports wasi:http/incoming-handler@0.2", "(expected: wasi:cli/run@0.2.x)");
  }

  @Test
  void serveAnswersUntilItIsStopped() throws Exception {
    try (Running serve = new Running("serve", HTTP, "--addr", "127.0.0.1:0");
        HttpClient client = HttpClient.newHttpClient()) {
      String url = serve.awaitLine("http://").replaceFirst(".* at ", "");
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60)).build();
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("Hello from Wattle!\n");
      }
      assertThat(Said.by("serve", HTTP, "--addr", url.replaceAll("http://|/", "")).err())
          .contains("cannot listen on", "Address already in use");
    }
  }

  @Test
  void whatWacPluggedTogetherIsServed() throws Exception {
    String plugged = DIST.resolve("greeter-plugged.wasm").toString();
    try (Running serve = new Running("serve", plugged, "--addr", "127.0.0.1:0")) {
      assertThat(get(serve, "ada").body().strip()).isEqualTo("Hello, ada, from C!");
    }
  }

  @Test
  void aRequestThatTakesTooLongIsEnded() throws Exception {
    String hostile = DIST.resolve("hostile.wasm").toString();
    try (Running serve = new Running("serve", hostile, "--addr", "127.0.0.1:0", "--timeout", "1")) {
      HttpResponse<String> answer = get(serve, "loop");
      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(answer.body()).contains("the deadline passed");
    }
  }

  private static HttpResponse<String> get(Running serve, String path) throws Exception {
    String url = serve.awaitLine("http://").replaceFirst(".* at ", "");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void callCallsFunctionsOfFiles() throws Exception {
    String core = DIST.resolve("core-module.wasm").toString();
    String greeter = DIST.resolve("greeter-c.wasm").toString();
    assertThat(Said.by("call", core, "add", "10", "20").out().strip()).isEqualTo("30");
    assertThat(Said.by("call", core, "add", "-1", "x").err())
        .contains("argument: \"x\" (expected: a number of type I32)");
    Said late = Said.by("call", greeter, "greet", "Ada", "--call-timeout-ms", "0");
    assertThat(late.exitCode()).isEqualTo(ExitCode.TIMEOUT.code());
    assertThat(late.err()).contains("the deadline passed");
    assertThat(Said.by("call", core, "sub", "1", "2").err())
        .contains("function: sub (expected: one of add)");
    assertThat(Said.by("call", greeter, "greet", "Ada").out().strip())
        .isEqualTo("Hello, Ada, from C!");
    assertThat(Said.by("-o", "json", "call", greeter, "greet", "Ada").json().at("/result").asText())
        .isEqualTo("Hello, Ada, from C!");
    String async = DIST.resolve("wasi-0-3-async.wasm").toString();
    assertThat(Said.by("call", async, "answer").out().strip()).isEqualTo("42");
    assertThat(Said.by("-o", "json", "call", async, "answer").json().at("/result").asInt())
        .isEqualTo(42);
    assertThat(Said.by("call", "none.wasm", "answer").err()).contains("no such file: none.wasm");
    String many = DIST.resolve("echo-types.wasm").toString();
    assertThat(Said.by("call", many, "none").err())
        .contains("function: none (expected: one of wattle:test/types", "which `wattle inspect`")
        .hasSizeLessThan(1000);
    assertThat(Said.by("run", core).err())
        .contains("is a core module that exports add (expected: _start)", "wattle call");
  }

  @Test
  void aFileMayBeStandardInputOrAPipe() throws Exception {
    Path core = DIST.resolve("core-module.wasm");
    try (InputStream from = Files.newInputStream(core)) {
      System.setIn(from);
      assertThat(Said.by("call", "-", "add", "10", "20").out().strip()).isEqualTo("30");
    } finally {
      standardInputIsEmpty();
    }
    assertThat(Said.by("call", folder.toString(), "add", "1", "2").err())
        .contains(folder + " is a directory (expected: a component, .wasm)");
    assertThat(Said.by("run", "-", "--adapt", PREVIEW_1).err())
        .contains("--adapt: - is not a file (expected: a core module)");
  }

  @Test
  void timesAndSizesHaveUnits() throws Exception {
    String core = DIST.resolve("core-module.wasm").toString();
    for (String size : List.of("64k", "1MiB", "2g", "65536")) {
      assertThat(Said.by("call", core, "add", "1", "2", "--max-memory-size", size).exitCode())
          .isZero();
    }
    assertThat(Sizes.parse("--max-memory-size", "3GiB", 1)).isEqualTo(3L << 30);
    assertThat(Times.parse("--timeout", "1500ms")).hasMillis(1500);
    assertThat(Times.parse("--timeout", "90")).hasSeconds(90);
    assertThat(Times.parse("--timeout", "2m")).hasMinutes(2);
    assertThat(Times.parse("--timeout", "3h")).hasHours(3);
  }

  @Test
  void vectorsOfCoreFunctionsAreHexadecimalNumbers() throws Exception {
    // (func (export "double") (param v128 i32) (result v128 i32) ...): its own sum, by halves
    String sections =
        "01080160027b7f027b7f03020100070a0106646f75626c6500000a0d010b0020002000fdce0120010b";
    Path file = folder.resolve("vectors.wasm");
    Files.write(file, HexFormat.of().parseHex("0061736d01000000" + sections));
    assertThat(
            Said.by("call", file.toString(), "double", "0x120000000000000005", "7").out().lines())
        .containsExactly("0x0000000000000024000000000000000a", "7");
    assertThat(Said.by("call", file.toString(), "double", "12", "7").err())
        .contains("argument: \"12\" (expected: a V128 as one number of 128 bits, 0x and up to 32");
    assertThat(Said.by("inspect", file.toString()).out())
        .contains("func (v128, i32) -> (v128, i32)");
  }

  /** Commands that need wasm-tools find them: built if need be, once for a machine. */
  private static void requireWasmTools() throws Exception {
    try {
      System.setProperty(WasmTools.PROPERTY, WasmToolsBinary.find().toString());
    } catch (CargoTool.Unavailable e) {
      if (System.getenv("CI") != null) {
        throw e;
      }
      System.out.println("--adapt AND .wat ARE NOT TESTED: " + e.getMessage());
      abort(e.getMessage());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anAdaptedCoreModuleDoesWhatItDoesWithoutAnAdapter() throws Exception {
    requireWasmTools();
    List<String> said = new ArrayList<>();
    for (List<String> adapt : List.of(List.of("--adapt", PREVIEW_1), List.<String>of())) {
      Path given = Files.createDirectory(folder.resolve("given" + said.size()));
      List<String> command = new ArrayList<>(List.of("run", CORE, "--dir", given + "::/data"));
      command.addAll(adapt);
      command.addAll(List.of("--", "write /data/a hello", "read /data/a", "list /data"));
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      assertThat(printing(printed, command)).isZero();
      assertThat(given.resolve("a")).hasContent("hello");
      said.add(printed.toString(UTF_8));
      // Of exit codes the adapter passes on only whether it is zero.
      List<String> failing = new ArrayList<>(List.of("run", CORE));
      failing.addAll(adapt);
      failing.addAll(List.of("--", "read /data/a"));
      assertThat(printing(printed, failing)).isEqualTo(adapt.isEmpty() ? 7 : 1);
    }
    assertThat(said.getFirst())
        .contains("write /data/a hello: ", "read /data/a: hello")
        .isEqualTo(said.getLast());
  }

  /** Runs a command, and what its guest prints goes to {@code printed}; the exit code. */
  private static int printing(ByteArrayOutputStream printed, List<String> command) {
    PrintStream usual = System.out;
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      return Said.by(command.toArray(String[]::new)).exitCode();
    } finally {
      System.setOut(usual);
    }
  }

  @Test
  void whatCannotBeAdaptedIsSaid() {
    assertThat(Said.by("run", CORE, "--adapt", "wasi_snapshot_preview1=nowhere").err())
        .contains("--adapt: no such file: nowhere");
    assertThat(Said.by("run", CORE, "--adapt", "nobody=" + ADAPTER).err())
        .contains("--adapt nobody:", "imports nothing from it (expected: wasi_snapshot_preview1)");
    assertThat(Said.by("run", FILES, "--adapt", PREVIEW_1).err())
        .contains("files-std.wasm is no core module");
  }

  @Test
  void whatWasmToolsRefusesIsSaid() throws Exception {
    requireWasmTools();
    Said said = Said.by("run", CORE, "--adapt", "wasi_snapshot_preview1=" + CORE);
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains("wasm-tools: error");
  }

  @Test
  void textIsTranslated() throws Exception {
    requireWasmTools();
    Path text = Path.of("..", "components", "text", "core-module.wat");
    assertThat(Said.by("call", text.toString(), "add", "10", "20").out().strip()).isEqualTo("30");
  }

  @Test
  void whereWasmToolsIsMissingTheErrorSaysHowToGetIt() {
    String nobody = folder.resolve("nobody").toString();
    assertThatThrownBy(() -> WasmTools.run(nobody, "x.wat is text", List.of("parse", "x.wat")))
        .isInstanceOfSatisfying(
            CommandException.class,
            e ->
                assertThat(e.getMessage() + e.hint())
                    .contains("x.wat is text, which wasm-tools has to do")
                    .contains("cargo install wasm-tools"));
  }

  @Test
  void inspectShowsWhatABinaryIsMadeOf() throws Exception {
    Said component = Said.by("-o", "json", "inspect", FILES);
    assertThat(component.json().at("/core_modules").asInt()).isPositive();
    assertThat(component.json().at("/parts/code").asInt()).isPositive();
    assertThat(component.json().at("/imports").findValuesAsText("served_by"))
        .anyMatch(need -> need.contains("--dir"));
    assertThat(component.json().at("/wit").asText()).contains("wasi:filesystem/types");
    assertThat(Said.by("inspect", DIST.resolve("http-blobs.wasm").toString()).out())
        .contains("package blobstore, interface blobstore", "what serves wasi:blobstore/blobstore");
    assertThat(Said.by("inspect", DIST.resolve("wasi-fetch.wasm").toString()).out())
        .contains(
            "a link: namespace wasi, package http, interface outgoing-handler, to http-client;"
                + " `wattle run`");
    Said core = Said.by("inspect", DIST.resolve("files-std-core.wasm").toString());
    assertThat(core.out())
        .contains("wasi_snapshot_preview1::path_open", "WASI preview 1", "_start", "func () -> ()");
  }

  /** {@code (module (func (export "\1b[m")))}, and the same as an import. */
  @Test
  void namesInABinaryDoNotReachTheTerminalAsTheyAre() throws Exception {
    Path exporting = folder.resolve("exporting.wasm");
    String exports = "0104016000000302010007070103" + "1b5b6d00000a040102000b";
    Files.write(exporting, HexFormat.of().parseHex("0061736d01000000" + exports));
    assertThat(Said.by("inspect", exporting.toString()).out())
        .contains("\\u{1b}[m")
        .doesNotContain("\u001b");
    Path importing = folder.resolve("importing.wasm");
    String imports = "010401600000" + "020801031b5b6d000000";
    Files.write(importing, HexFormat.of().parseHex("0061736d01000000" + imports));
    assertThat(Said.by("run", importing.toString()).err())
        .contains("\\u{1b}[m")
        .doesNotContain("\u001b");
  }

  @Test
  void inspectShowsWhatNoHostCanServeYet() throws Exception {
    Path dummy = folder.resolve("dummy.wasm");
    Path component = folder.resolve("service.wasm");
    requireWasmTools();
    wasmTools("component", "embed", "--dummy", WIT.toString(), "-o", dummy.toString());
    wasmTools("component", "new", dummy.toString(), "-o", component.toString());
    Said said = Said.by("inspect", component.toString());
    assertThat(said.exitCode()).isZero();
    assertThat(said.out())
        .containsPattern("wasi:http/types@0.3.0-rc-2026-03-15 +nothing yet: WASI 0.3")
        .containsPattern("wattle:test/feed +nothing yet: .*streams")
        .containsPattern("wattle:test/plain +a link: ")
        .contains(
            "handle: async func(request: request) -> result<stream<u8>, string>",
            "changes: func() -> future<stream<string>>",
            "export run: async func()");
    assertThat(Said.by("run", component.toString()).err())
        .contains("this component needs WASI 0.3 (the import wasi:http/types@0.3.0-rc-2026-03-15)");
  }

  /** What other tools make of it is a component that has the same text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo-types",
        "files-std",
        "http-blobs",
        "http-toolbox",
        "messenger",
        "price-rule"
      })
  void theWitOfAComponentIsReadByOtherTools(String name) throws Exception {
    requireWasmTools();
    Path wit = folder.resolve("component.wit");
    Path dummy = folder.resolve("dummy.wasm");
    Path component = folder.resolve("made.wasm");
    String said = Said.by("inspect", DIST.resolve(name + ".wasm").toString(), "--wit").out();
    Files.writeString(wit, said);
    wasmTools("component", "embed", "--dummy", wit.toString(), "-o", dummy.toString());
    wasmTools("component", "new", dummy.toString(), "-o", component.toString());
    String again = Said.by("inspect", component.toString(), "--wit").out();
    assertThat(lines(again)).containsExactlyElementsOf(lines(said));
  }

  /** In no order, without the other names of types, which a component may leave out. */
  private static List<String> lines(String wit) {
    return wit.lines()
        .filter(line -> !line.matches(" *(type .* = [%a-z0-9-]+|use .* as .*);"))
        .sorted()
        .toList();
  }

  private static void wasmTools(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(System.getProperty(WasmTools.PROPERTY)));
    command.addAll(List.of(arguments));
    CargoTool.Result made = CargoTool.run(command, 60);
    assertThat(made.ok()).as(made.output()).isTrue();
  }

  @Test
  void compileKeepsWhatRunTakes() throws Exception {
    Path kept = folder.resolve("kept");
    assertThat(Said.by("compile", HTTP, "--to", kept.toString()).out()).contains("compiled");
    try (var files = Files.list(kept)) {
      assertThat(files).isNotEmpty();
    }
    assertThat(Said.by("compile", "none.wasm").err()).contains("no such file: none.wasm");
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(Said.by("compile", HTTP, "--to", file.toString()).err())
        .contains("cannot keep compiled modules in " + file + ": there is a file of that name");
  }
}
