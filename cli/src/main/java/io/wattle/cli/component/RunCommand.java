package io.wattle.cli.component;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.KeyValues;
import io.wattle.runtime.Component;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.host.LinkedFunction;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.type.FunctionType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command component here. */
@Command(
    name = "run",
    description = "Run a component that exports wasi:cli/run, without a lattice.",
    footer = {"", "Example:", "  wattle run tool.wasm -- --flag argument"})
public final class RunCommand extends BaseCommand {
  private static final long STACK_BYTES = 16L << 20;

  @Parameters(index = "0", paramLabel = "FILE", description = "A component, .wasm.")
  private String file = "";

  @Parameters(index = "1..*", paramLabel = "ARG", description = "Its arguments, after --.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--env",
      paramLabel = "KEY=VALUE",
      description = "Environment variable for the component. May be repeated.")
  private List<String> environment = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "When it is stopped (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    Map<String, String> variables = KeyValues.parse("--env", environment);
    try (LocalRuntime local = new LocalRuntime(EngineOptions.Execution.COMPILED);
        GuestThreads threads = new GuestThreads(STACK_BYTES)) {
      Component component = local.load(file);
      if (component.exports().stream().noneMatch(name -> name.startsWith("wasi:cli/run@0.2."))) {
        throw CommandException.failed(
                file
                    + " exports "
                    + String.join(", ", component.exports())
                    + " (expected: wasi:cli/run@0.2.x)")
            .hint("Deploy it in a manifest, or call a function of it with `wattle call`.");
      }
      try (GuestComponent guest =
          new GuestComponent(
              local.runtime().link(component, imports(variables), LinkOptions.DEFAULT), threads)) {
        Task task = new Task(file, Deadline.in(Duration.ofSeconds(timeoutSeconds)), Map.of());
        int exit = guest.run(task);
        System.out.flush();
        if (exit != 0) {
          throw CommandException.failed(file + " ended with exit code " + exit)
              .with("exit_code", exit);
        }
        return Answer.of("").with("exit_code", exit);
      }
    } catch (LinkException e) {
      throw CommandException.failed(file + ": " + e.getMessage())
          .hint("`wattle inspect " + file + "` shows what it needs.")
          .because(e);
    } catch (TrapException e) {
      throw CommandException.failed(file + " was ended: " + e.getMessage()).because(e);
    }
  }

  private Imports imports(Map<String, String> variables) {
    List<String> argv = new ArrayList<>(List.of(file));
    argv.addAll(arguments);
    BytePipe stdin = new BytePipe();
    Thread.ofPlatform().daemon().name("stdin").start(() -> copy(System.in, stdin));
    boolean json = global().json();
    HostInterfaces wasi =
        Wasi.interfaces(
            WasiOptions.builder()
                .arguments(argv)
                .environment(variables)
                .stdin(stdin)
                .stdout(OutputSink.to(json ? System.err : System.out))
                .stderr(OutputSink.to(System.err))
                .build());
    return new Imports() {
      @Override
      public @Nullable HostInterface hostInterface(String name) {
        return wasi.find(name);
      }

      @Override
      public @Nullable LinkedFunction linked(String instance, String function, FunctionType type) {
        return null;
      }
    };
  }

  private static void copy(InputStream from, BytePipe to) {
    byte[] buffer = new byte[8192];
    Deadline never = Deadline.in(Duration.ofDays(365));
    try {
      int read = from.read(buffer);
      while (read >= 0) {
        to.write(buffer, 0, read, never);
        read = from.read(buffer);
      }
      to.close();
    } catch (IOException | TimeoutException e) {
      to.abort("standard input: " + e.getMessage());
    } catch (InterruptedException e) {
      to.abort("interrupted");
      Thread.currentThread().interrupt();
    }
  }
}
