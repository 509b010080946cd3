package io.wattle.runtime.component;

import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.Task;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A runtime on the real engine, and the guests. */
final class Fixture implements AutoCloseable {
  private static final CoreEngine ENGINE =
      Engines.endive(EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
  final ComponentRuntime runtime = ComponentRuntime.on(ENGINE);

  /** The bytes of a guest of {@code components/dist}. */
  static byte[] guest(String name) {
    return read(Path.of("..", "components", "dist", name + ".wasm"));
  }

  /** The bytes of a hand-made component. */
  static byte[] fixture(String name) {
    return read(Path.of("src", "test", "resources", "component", name + ".wasm"));
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Task task() {
    return new Task("test", Deadline.in(Duration.ofSeconds(60)), Map.of());
  }

  ComponentInstances link(byte[] wasm, HostInterface... interfaces) throws Exception {
    Component component = runtime.load(wasm);
    return runtime.link(component, imports(interfaces), LinkOptions.DEFAULT);
  }

  static Imports imports(HostInterface... interfaces) {
    return Imports.of(HostInterfaces.of(List.of(interfaces)));
  }

  @Override
  public void close() {
    runtime.close();
  }
}
