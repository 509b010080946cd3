package io.wattle.runtime.suite;

import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.testing.CargoTool;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.type.FunctionType;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueReader;
import io.wattle.wit.value.ValueWriter;
import io.wattle.wit.wave.WaveParser;
import io.wattle.wit.wave.WavePrinter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Calls of a component's functions in WAVE, and what they answer. */
final class ComponentCalls implements AutoCloseable {
  static final String REFUSED = "refused";

  private final CoreEngine engine = Engines.endive(EngineOptions.defaults());
  private final ComponentRuntime runtime = ComponentRuntime.on(engine);
  private final GuestThreads threads = new GuestThreads(GuestThreads.STACK_BYTES);
  private final Component component;

  ComponentCalls(byte[] wasm) throws InvalidComponentException {
    component = runtime.load(wasm);
  }

  /** The interface that has a function of this name; empty for the world itself. */
  private String instance(String function) {
    return component.exports().stream()
        .filter(export -> component.exportedFunctions(export).containsKey(function))
        .findFirst()
        .orElse("");
  }

  private FunctionType type(String function) {
    return Objects.requireNonNull(
        component.exportedFunctions(instance(function)).get(function), function);
  }

  private ValueType result(String function) {
    return Objects.requireNonNull(type(function).result(), function);
  }

  /** What a function answers; {@link #REFUSED} when the argument is none of its type. */
  String ours(String function, String argument) throws LinkException, InterruptedException {
    ValueBuffer parameters = new ValueBuffer();
    for (FunctionType.Parameter parameter : type(function).parameters()) {
      try {
        ValueWriter.write(
            parameter.type(), WaveParser.parse(parameter.type(), argument), parameters);
      } catch (IllegalArgumentException e) {
        return REFUSED;
      }
    }
    ValueBuffer results = new ValueBuffer();
    Imports imports = Imports.of(Wasi.interfaces(WasiOptions.builder().build()));
    try (GuestComponent guest =
        new GuestComponent(runtime.link(component, imports, LinkOptions.DEFAULT), threads)) {
      Task task = new Task("differential", Deadline.in(Duration.ofMinutes(1)), Map.of());
      guest.call(task, instance(function), function, parameters.source(), results);
      ValueType type = result(function);
      return WavePrinter.print(type, ValueReader.read(type, results.source()));
    } catch (TrapException e) {
      return "trap " + e.getMessage();
    }
  }

  /** What wasmtime said, in our spelling of the same value. */
  String theirs(String function, CargoTool.Result said) {
    if (!said.ok()) {
      return said.output().contains("wasm trap") ? "trap " + said.output() : REFUSED;
    }
    String value =
        String.join("\n", said.output().lines().filter(l -> !l.startsWith("warning:")).toList());
    ValueType type = result(function);
    try {
      return WavePrinter.print(type, WaveParser.parse(type, value.strip()));
    } catch (IllegalArgumentException e) {
      return "unreadable " + value;
    }
  }

  @Override
  public void close() {
    threads.close();
    runtime.close();
    engine.close();
  }
}
