package io.wattle.runtime.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.InvalidComponentException.Reason;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.suite.Outcome.Status;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.Value;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueReader;
import io.wattle.wit.value.ValueWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs the commands of one converted script, one after the other. */
final class ScriptRunner implements AutoCloseable {
  /** Far more than any needs: a command that hangs must fail, not the build. */
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final ComponentRuntime runtime;
  private final Imports imports;
  private final Rules rules;
  private final Path folder;
  private final Map<String, byte[]> definitions = new HashMap<>();
  private final Map<String, Running> named = new HashMap<>();
  private final Deque<Running> opened = new ArrayDeque<>();
  private byte @Nullable [] lastDefinition;
  private @Nullable Running last;

  /** An instance and its component. */
  private record Running(
      Component component, ComponentInstances instances, ComponentInstance instance) {}

  ScriptRunner(ComponentRuntime runtime, Imports imports, Rules rules, Path folder) {
    this.runtime = runtime;
    this.imports = imports;
    this.rules = rules;
    this.folder = folder;
  }

  List<Outcome> run(Path commands) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (JsonNode command : new ObjectMapper().readTree(commands.toFile()).get("commands")) {
      outcomes.add(outcome(command));
    }
    return outcomes;
  }

  private Outcome outcome(JsonNode command) {
    int line = command.get("line").asInt();
    String type = command.get("type").asText();
    if (command.path("module_type").asText().equals("text")) {
      return new Outcome(
          line, type, Status.SKIPPED, "it tests the parser of the text format: we have none");
    }
    String wrong;
    try {
      wrong = wrong(type, command);
    } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
      wrong = "unexpected " + e;
    }
    return new Outcome(line, type, wrong.isEmpty() ? Status.PASSED : Status.FAILED, wrong);
  }

  /** What is wrong with the answer to a command; empty when nothing is. */
  private String wrong(String type, JsonNode command) throws Exception {
    switch (type) {
      case "module" -> {
        byte[] wasm = binary(command);
        last = null;
        Running running = instantiate(wasm);
        last = running;
        name(command, "name", running);
        return "";
      }
      case "module_definition" -> {
        byte[] wasm = binary(command);
        lastDefinition = wasm;
        if (command.has("name")) {
          definitions.put(command.get("name").asText(), wasm);
        }
        runtime.validate(wasm);
        return "";
      }
      case "module_instance" -> {
        last = null;
        byte[] wasm =
            command.has("module")
                ? definitions.get(command.get("module").asText())
                : lastDefinition;
        Running running = instantiate(Objects.requireNonNull(wasm, "definition"));
        last = running;
        name(command, "instance", running);
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
        return traps(command, () -> invoke(command.get("action")));
      }
      case "assert_uninstantiable" -> {
        return traps(command, () -> instantiate(binary(command)));
      }
      case "assert_invalid" -> {
        return refused(command, Reason.INVALID);
      }
      case "assert_malformed" -> {
        return refused(command, Reason.MALFORMED);
      }
      case "assert_unlinkable" -> {
        try {
          var _ = instantiate(binary(command));
          return "was linked";
        } catch (LinkException e) {
          return byRule(command, String.valueOf(e.getMessage()));
        }
      }
      default -> throw new IllegalArgumentException("a command of type " + type);
    }
  }

  private void name(JsonNode command, String key, Running running) {
    if (command.has(key)) {
      named.put(command.get(key).asText(), running);
    }
  }

  private byte[] binary(JsonNode command) throws IOException {
    return Files.readAllBytes(folder.resolve(command.get("filename").asText()));
  }

  private Running instantiate(byte[] wasm) throws InvalidComponentException, LinkException {
    Component component = runtime.load(wasm);
    ComponentInstances instances = runtime.link(component, imports, LinkOptions.DEFAULT);
    try {
      ComponentInstance instance =
          instances.begin(new Task("suite", Deadline.in(DEADLINE), Map.of()));
      Running running = new Running(component, instances, instance);
      opened.push(running);
      return running;
    } catch (RuntimeException e) {
      instances.close();
      throw e;
    }
  }

  private record Answer(@Nullable ValueType type, @Nullable Value value) {}

  private Answer invoke(JsonNode action) {
    Running target = action.has("module") ? named.get(action.get("module").asText()) : last;
    if (target == null) {
      throw new IllegalStateException("the component before was not instantiated");
    }
    String function = action.get("field").asText();
    FunctionType type = target.component().exportedFunctions("").get(function);
    if (type == null) {
      throw new IllegalStateException("no export " + function);
    }
    ValueBuffer parameters = new ValueBuffer();
    for (int i = 0; i < type.parameters().size(); i++) {
      ValueType parameter = type.parameters().get(i).type();
      ValueWriter.write(
          parameter, SuiteValues.read(parameter, action.get("args").get(i)), parameters);
    }
    ValueBuffer results = new ValueBuffer();
    target.instance().call("", function, parameters.source(), results);
    ValueType result = type.result();
    return new Answer(result, result == null ? null : ValueReader.read(result, results.source()));
  }

  private String returned(JsonNode command) {
    Answer answer = invoke(command.get("action"));
    JsonNode expected = command.get("expected");
    if (answer.type() == null) {
      return expected.isEmpty() ? "" : "got nothing (expected: " + expected + ")";
    }
    Value wanted = SuiteValues.read(answer.type(), expected.get(0));
    return wanted.equals(answer.value())
        ? ""
        : "got " + answer.value() + " (expected: " + wanted + ")";
  }

  @FunctionalInterface
  private interface Code {
    Object run() throws Exception;
  }

  private String traps(JsonNode command, Code code) throws Exception {
    try {
      return "did not trap: " + code.run();
    } catch (TrapException e) {
      return e.kind() == TrapException.Kind.TRAP
          ? byRule(command, String.valueOf(e.getMessage()))
          : "ended by " + e.kind() + ": " + e.getMessage();
    }
  }

  private String refused(JsonNode command, Reason reason) throws IOException {
    try {
      runtime.validate(binary(command));
      return "was accepted (expected: " + command.get("text").asText() + ")";
    } catch (InvalidComponentException e) {
      String message = String.valueOf(e.getMessage());
      return e.reason() == reason ? byRule(command, message) : e.reason() + ": " + message;
    }
  }

  private String byRule(JsonNode command, String message) {
    String text = command.get("text").asText();
    return rules.same(text, message)
        ? ""
        : "another rule: " + message + " (expected: " + text + ")";
  }

  @Override
  public void close() {
    for (Running running : opened) {
      running.instance().close();
      running.instances().close();
    }
  }
}
