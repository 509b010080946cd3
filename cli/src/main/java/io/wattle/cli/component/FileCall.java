package io.wattle.cli.component;

import com.fasterxml.jackson.databind.node.NullNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ExitCode;
import io.wattle.runtime.Component;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.runtime.wasi.preview1.CoreProgram;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A call of a function of a file, in a fresh instance on this machine. */
record FileCall(String file, String function, Duration timeout, GuestOptions given) {

  /** Writes the parameters that were given. */
  @FunctionalInterface
  interface Encoder {
    void encode(FunctionType type, ValueSink into) throws CommandException;
  }

  /** Shows what was answered. */
  @FunctionalInterface
  interface Shower {
    Answer show(Exported exported, ValueSource results) throws CommandException;
  }

  Answer answer(List<String> arguments, Encoder encoder, Shower shower)
      throws CommandException, InterruptedException {
    WasiOptions.Builder options =
        WasiOptions.builder()
            .arguments(List.of(file))
            .stdout(StandardStreams.to(System.err))
            .stderr(StandardStreams.to(System.err));
    LocalHttp http = new LocalHttp();
    given.into(options, http);
    try (http;
        LocalRuntime local = LocalRuntime.running(given.limits().limits());
        GuestThreads threads = new GuestThreads(GuestThreads.STACK_BYTES)) {
      byte[] wasm = given.read(file);
      return CoreProgram.isCoreModule(wasm)
          ? core(local.loadCore(file, wasm), options.build(), threads, arguments)
          : component(local, local.load(file, wasm), options.build(), threads, encoder, shower);
    } catch (TrapException e) {
      ExitCode exit = e.kind() == TrapException.Kind.DEADLINE ? ExitCode.TIMEOUT : ExitCode.FAILED;
      throw CommandException.of(exit, function + " of " + file + " was ended: " + e.getMessage())
          .because(e);
    }
  }

  private Task task() {
    return new Task(file, Deadline.in(timeout), Map.of());
  }

  private Answer component(
      LocalRuntime local,
      Component component,
      WasiOptions options,
      GuestThreads threads,
      Encoder encoder,
      Shower shower)
      throws CommandException, InterruptedException {
    Exported exported = Exported.find(component, function);
    ValueBuffer parameters = new ValueBuffer();
    encoder.encode(exported.type(), parameters);
    ValueBuffer results = new ValueBuffer();
    try (GuestComponent guest =
        new GuestComponent(
            local.runtime().link(component, Imports.of(Wasi.interfaces(options)), given.limits()),
            threads)) {
      guest.call(task(), exported.instance(), exported.name(), parameters.source(), results);
      return shower.show(exported, results.source());
    } catch (LinkException e) {
      throw LocalImports.failure(file, component, e);
    } catch (IllegalArgumentException e) {
      throw CommandException.failed(
              exported
                  + ": its types have resources, which cannot be given from here: "
                  + e.getMessage())
          .because(e);
    }
  }

  private Answer core(
      CoreProgram program, WasiOptions options, GuestThreads threads, List<String> arguments)
      throws CommandException, InterruptedException {
    CoreExternType.Func type = program.functions().get(function);
    if (type == null) {
      throw CommandException.notFound(
          "function: "
              + function
              + " (expected: one of "
              + String.join(", ", program.functions().keySet())
              + ")");
    }
    List<CoreValueType> parameters = type.parameters();
    if (arguments.size() != parameters.size()) {
      throw CommandException.usage(
          function
              + ": "
              + arguments.size()
              + " arguments (expected: "
              + parameters.size()
              + ", of types "
              + parameters
              + ")");
    }
    long[] words = CoreValues.parse(parameters, arguments);
    long[] results =
        program.call(task(), options, given.limits().limits(), threads, function, words);
    List<Object> shown = CoreValues.show(type.results(), results);
    Answer answer =
        Answer.of(String.join("\n", shown.stream().map(String::valueOf).toList()))
            .with("function", function);
    return answer.with(
        "result",
        shown.isEmpty() ? NullNode.instance : shown.size() == 1 ? shown.getFirst() : shown);
  }
}
