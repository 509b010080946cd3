package io.wattle.runtime.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreGlobal;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.runtime.engine.endive.EveryKind;
import io.wattle.runtime.engine.endive.References;
import io.wattle.runtime.suite.Outcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of one converted script of the core specification, all instances in one store:
 * they import from each other.
 */
final class CoreScriptRunner implements AutoCloseable {
  private static final StoreLimits AMPLE = new StoreLimits(1L << 40, 100_000_000, 100_000);

  private final CoreEngine engine;
  private final CoreStore store;
  private final Path folder;
  private final Map<String, byte[]> definitions = new HashMap<>();
  private final Map<String, Target> named = new HashMap<>();
  private final Map<String, Target> registered = new HashMap<>();
  private Target last = new Target(null, "no module before");

  /**
   * What later commands call.
   *
   * @param refused why there is no instance
   */
  private record Target(@Nullable CoreInstance instance, String refused) {}

  /** That a command cannot be tried, and why. */
  private static final class Skipped extends Exception {
    private static final long serialVersionUID = 1L;

    Skipped(String why) {
      super(why);
    }
  }

  /**
   * @param spectest a module of {@link SpectestModule#TEXT}
   */
  CoreScriptRunner(CoreEngine engine, Path folder, byte[] spectest) throws InvalidModuleException {
    this.engine = engine;
    this.folder = folder;
    this.store = engine.newStore(AMPLE);
    CoreImports exports =
        SpectestModule.exports(store.instantiate(engine.compile(spectest), CoreImports.NONE));
    registered.put(
        SpectestModule.NAME, new Target(name -> exports.get(SpectestModule.NAME, name), ""));
  }

  List<Outcome> run(Path commands) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (JsonNode command : new ObjectMapper().readTree(commands.toFile()).get("commands")) {
      outcomes.add(outcome(command));
      EveryKind.forgive(store);
    }
    return outcomes;
  }

  /** Ends what runs. */
  void stop() {
    store.stop(Kind.DEADLINE, "the script takes too long");
  }

  private Outcome outcome(JsonNode command) {
    int line = command.get("line").asInt();
    String type = command.get("type").asText();
    try {
      String wrong = wrong(type, command);
      return new Outcome(line, type, wrong.isEmpty() ? Status.PASSED : Status.FAILED, wrong);
    } catch (Skipped e) {
      return new Outcome(line, type, Status.SKIPPED, String.valueOf(e.getMessage()));
    } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
      return new Outcome(line, type, Status.FAILED, "unexpected " + e);
    }
  }

  /** What is wrong with the answer to a command; empty when nothing is. */
  private String wrong(String type, JsonNode command) throws Exception {
    switch (type) {
      case "module" -> {
        return define(command, "name", binary(command));
      }
      case "module_definition" -> {
        byte[] wasm = binary(command);
        definitions.put(command.path("name").asText(), wasm);
        var _ = compile(wasm);
        return "";
      }
      case "module_instance" -> {
        byte[] wasm = definitions.get(command.path("module").asText());
        if (wasm == null) {
          throw new Skipped("no definition");
        }
        return define(command, "instance", wasm);
      }
      case "register" -> {
        registered.put(command.get("as").asText(), target(command, "name"));
        return "";
      }
      case "action" -> {
        var _ = invoke(command.get("action"));
        return "";
      }
      case "assert_return" -> {
        return returned(command);
      }
      case "assert_trap" -> {
        return ends(command, Kind.TRAP, () -> invoke(command.get("action")));
      }
      case "assert_exhaustion" -> {
        return ends(command, Kind.LIMIT, () -> invoke(command.get("action")));
      }
      case "assert_exception" -> {
        return ends(command, Kind.TRAP, () -> invoke(command.get("action")));
      }
      case "assert_uninstantiable" -> {
        return ends(command, Kind.TRAP, () -> instantiate(binary(command)));
      }
      case "assert_unlinkable" -> {
        return ends(command, Kind.IMPORT_FAILED, () -> instantiate(binary(command)));
      }
      case "assert_invalid", "assert_malformed" -> {
        return refused(command);
      }
      case "assert_malformed_custom", "assert_invalid_custom" ->
          throw new Skipped("custom sections are not validated");
      default -> throw new IllegalArgumentException("a command of type " + type);
    }
  }

  private byte[] binary(JsonNode command) throws IOException, Skipped {
    if (command.path("module_type").asText().equals("text")) {
      if (command.get("type").asText().equals("module")) {
        last = new Target(null, "a module whose text is quoted");
      }
      throw new Skipped("it tests the parser of the text format: we have none");
    }
    return Files.readAllBytes(folder.resolve(command.get("filename").asText()));
  }

  private CoreModule compile(byte[] wasm) throws InvalidModuleException, Skipped {
    try {
      return engine.compile(wasm);
    } catch (InvalidModuleException e) {
      if (String.valueOf(e.getMessage()).contains("not supported")) {
        throw new Skipped(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private String define(JsonNode command, String key, byte[] wasm) throws Exception {
    try {
      last = new Target(instantiate(wasm), "");
    } catch (Skipped e) {
      last = new Target(null, String.valueOf(e.getMessage()));
      throw e;
    } catch (Exception | Error e) {
      last = new Target(null, "line " + command.get("line") + " failed");
      throw e;
    } finally {
      if (command.has(key)) {
        named.put(command.get(key).asText(), last);
      }
    }
    return "";
  }

  private Target target(JsonNode command, String key) throws Skipped {
    Target target = command.has(key) ? named.get(command.get(key).asText()) : last;
    if (target == null) {
      throw new Skipped("no module of this name");
    }
    return target;
  }

  private CoreInstance instance(JsonNode action) throws Skipped {
    Target target = target(action, "module");
    if (target.instance() == null) {
      throw new Skipped(target.refused());
    }
    return target.instance();
  }

  private CoreInstance instantiate(byte[] wasm) throws InvalidModuleException, Skipped {
    CoreModule module = compile(wasm);
    for (CoreModule.CoreImport wanted : module.imports()) {
      Target from = registered.get(wanted.module());
      if (from != null && from.instance() == null) {
        throw new Skipped(from.refused());
      }
    }
    return store.instantiate(
        module,
        (from, name) -> {
          Target target = registered.get(from);
          return target == null || target.instance() == null
              ? null
              : target.instance().export(name);
        });
  }

  private @Nullable Object[] invoke(JsonNode action) throws Skipped {
    CoreInstance instance = instance(action);
    String name = action.get("field").asText();
    if (action.get("type").asText().equals("get")) {
      return instance.export(name) instanceof CoreGlobal global
          ? values(List.of(global.type().type()), global.get(), global.getHigh())
          : new Object[0];
    }
    if (!(instance.export(name) instanceof CoreFunction function)) {
      throw new IllegalStateException("no function " + name);
    }
    JsonNode json = action.get("args");
    @Nullable Object[] arguments = new Object[json.size()];
    for (int i = 0; i < arguments.length; i++) {
      known(json.get(i));
      arguments[i] = CoreValues.argument(json.get(i));
    }
    if (References.has(function)) {
      return References.call(function, arguments);
    }
    long[] words = Arrays.stream(arguments).flatMapToLong(CoreValues::words).toArray();
    return values(function.type().results(), function.call(words));
  }

  /** One object for each value: a vector is two words. */
  private static Object[] values(List<CoreValueType> types, long... words) {
    Object[] values = new Object[types.size()];
    int next = 0;
    for (int i = 0; i < values.length; i++) {
      boolean isVector = types.get(i) == CoreValueType.V128;
      values[i] =
          isVector ? new CoreValues.Vector(words[next], words[next + 1]) : (Object) words[next];
      next += types.get(i).words();
    }
    return values;
  }

  private static void known(JsonNode value) throws Skipped {
    if (!CoreValues.isKnown(value)) {
      throw new Skipped("values of " + value.get("type").asText() + " are not supported");
    }
  }

  private String returned(JsonNode command) throws Skipped {
    JsonNode expected = command.get("expected");
    @Nullable Object[] results = invoke(command.get("action"));
    for (JsonNode each : expected) {
      known(each);
    }
    boolean fits = results.length == expected.size();
    for (int i = 0; fits && i < results.length; i++) {
      fits = CoreValues.fits(expected.get(i), results[i]);
    }
    return fits ? "" : "got " + Arrays.toString(results) + " (expected: " + expected + ")";
  }

  @FunctionalInterface
  private interface Code {
    Object run() throws Exception;
  }

  private String ends(JsonNode command, Kind kind, Code code) throws Exception {
    Object result;
    try {
      result = code.run();
    } catch (TrapException e) {
      String message = String.valueOf(e.getMessage());
      String text = command.path("text").asText("nothing caught");
      boolean named = kind == Kind.IMPORT_FAILED || message.contains(text);
      return e.kind() == kind && named
          ? ""
          : "ended by " + e.kind() + ": " + message + " (expected: " + text + ")";
    }
    return "gave " + (result instanceof Object[] values ? Arrays.toString(values) : "an instance");
  }

  /** Which rule is named is another matter: the specification does not say. */
  private String refused(JsonNode command) throws Exception {
    String text = command.get("text").asText();
    try {
      var _ = compile(binary(command));
      return "was accepted (expected: " + text + ")";
    } catch (InvalidModuleException e) {
      String message = String.valueOf(e.getMessage());
      return message.contains("cannot be compiled") ? message + " (expected: " + text + ")" : "";
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
