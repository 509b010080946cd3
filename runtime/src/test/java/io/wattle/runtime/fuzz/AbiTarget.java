package io.wattle.runtime.fuzz;

import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.Engines;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A guest whose memory holds any bytes where a value should be: lifting it gives a value or a trap,
 * and a value that was lifted can be lowered.
 */
public final class AbiTarget {
  private static final List<String> ENCODINGS = List.of("utf8", "utf16", "latin1");
  private static final CoreEngine ENGINE =
      Engines.endive(EngineOptions.defaults().withExecution(EngineOptions.Execution.INTERPRETED));
  private static final ComponentInstances INSTANCES = link();

  private AbiTarget() {}

  private static ComponentInstances link() {
    Imports none = Imports.of(HostInterfaces.of(List.of()));
    ComponentRuntime runtime = ComponentRuntime.on(ENGINE);
    try (InputStream in =
        Objects.requireNonNull(
            AbiTarget.class.getResourceAsStream("/component/reinterpret.wasm"))) {
      Component component = runtime.load(in.readAllBytes());
      return runtime.link(component, none, LinkOptions.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InvalidComponentException | LinkException e) {
      throw new AssertionError(e);
    }
  }

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    String encoding = ENCODINGS.get(Math.floorMod(input[0], ENCODINGS.size()));
    byte[] image = Arrays.copyOfRange(input, 1, input.length);
    Object value;
    try (ComponentInstance guest = begin()) {
      value = guest.call("", "give-" + encoding, (Object) image);
    } catch (TrapException e) {
      expected(e);
      return;
    }
    try (ComponentInstance guest = begin()) {
      Object nothing = guest.call("", "take-" + encoding, value);
      if (nothing != null) {
        throw new AssertionError("a result of no type: " + nothing);
      }
    } catch (TrapException e) {
      expected(e);
    }
  }

  private static ComponentInstance begin() {
    return INSTANCES.begin(new Task("fuzz", Deadline.in(Duration.ofMinutes(1)), Map.of()));
  }

  private static void expected(TrapException e) {
    switch (e.kind()) {
      case TRAP, LIMIT -> {}
      case BUSY, DEADLINE, CANCELLED, EXIT, IMPORT_FAILED -> throw e;
    }
  }
}
