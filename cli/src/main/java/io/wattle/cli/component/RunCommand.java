package io.wattle.cli.component;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.runtime.Component;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.wasi.Terminals;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.runtime.wasi.preview1.CoreProgram;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command component here. */
@Command(
    name = "run",
    description = "Run a command, without a lattice: a component, or a core module.",
    footer = {
      "",
      "Its exit code is passed on: 0 to 255, 1 too when it was ended by a limit or a trap.",
      "A component exports wasi:cli/run, a core module _start (WASI preview 1).",
      "It gets no files, no variables and no network but those named here.",
      "",
      "Examples:",
      "  wattle run tool.wasm -- --flag argument",
      "  wattle run tool.wasm --dir ./data::/data:readonly --env LANG=C",
      "  wattle run fetch.wasm --allow-net example.com -- https://example.com/"
    })
public final class RunCommand extends BaseCommand {
  private static final long STACK_BYTES = 16L << 20;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "A component or core module: .wasm, .wat.")
  private String file = "";

  @Parameters(index = "1..*", paramLabel = "ARG", description = "Its arguments, after --.")
  private List<String> arguments = new ArrayList<>();

  @Mixin private GuestOptions given = new GuestOptions();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "3600",
      description = "When it is stopped: seconds, or 500ms, 2m (default: ${DEFAULT-VALUE}).")
  private String timeout = "3600";

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    LocalHttp http = new LocalHttp();
    Duration most = Times.parse("--timeout", timeout);
    WasiOptions options = options(http);
    LinkOptions limits = given.limits();
    try (http;
        LocalRuntime local = LocalRuntime.running(limits.limits());
        GuestThreads threads = new GuestThreads(STACK_BYTES)) {
      byte[] wasm = given.read(file);
      Task task = new Task(file, Deadline.in(most), Map.of());
      int exit =
          CoreProgram.isCoreModule(wasm)
              ? runCore(local.loadCore(file, wasm), task, options, limits, threads)
              : runComponent(local, wasm, task, options, limits, threads);
      System.out.flush();
      if (exit != 0) {
        throw CommandException.exit(file + " ended with exit code " + exit, exit);
      }
      return Answer.of("").with("exit_code", exit);
    } catch (TrapException e) {
      throw CommandException.failed(file + " was ended: " + e.getMessage()).because(e);
    }
  }

  private int runComponent(
      LocalRuntime local,
      byte[] wasm,
      Task task,
      WasiOptions options,
      LinkOptions limits,
      GuestThreads threads)
      throws CommandException, InterruptedException {
    Component component = local.load(file, wasm);
    if (component.exports().stream().noneMatch(name -> name.startsWith("wasi:cli/run@0.2."))) {
      throw CommandException.failed(
              file
                  + " exports "
                  + LocalImports.list(component.exports())
                  + " (expected: wasi:cli/run@0.2.x)")
          .hint("`wattle serve` serves HTTP, `wattle call` calls other functions.");
    }
    Imports imports = Imports.of(Wasi.interfaces(options));
    try (GuestComponent guest =
        new GuestComponent(local.runtime().link(component, imports, limits), threads)) {
      return guest.run(task);
    } catch (LinkException e) {
      throw LocalImports.failure(file, component, e);
    }
  }

  private int runCore(
      CoreProgram program, Task task, WasiOptions options, LinkOptions limits, GuestThreads threads)
      throws CommandException, InterruptedException {
    if (!program.isCommand()) {
      throw CommandException.failed(
              file
                  + " is a core module that exports "
                  + LocalImports.list(List.copyOf(program.functions().keySet()))
                  + " (expected: _start)")
          .hint("`wattle call " + file + " FUNCTION ARGS` calls a function of it.");
    }
    return program.run(task, options, limits.limits(), threads);
  }

  private WasiOptions options(LocalHttp http) throws CommandException {
    List<String> argv = new ArrayList<>(List.of(file));
    argv.addAll(arguments);
    boolean json = global().json();
    WasiOptions.Builder options =
        WasiOptions.builder()
            .arguments(argv)
            .stdout(StandardStreams.to(json ? System.err : System.out))
            .stderr(StandardStreams.to(System.err))
            .terminals(terminals(json));
    given.into(options, http);
    BytePipe stdin = new BytePipe();
    Thread.ofPlatform().daemon().name("stdin").start(() -> copy(System.in, stdin));
    return options.stdin(stdin).build();
  }

  /** With {@code -o json} what it prints goes to standard error. */
  private static Terminals terminals(boolean json) {
    Terminals are = StandardStreams.terminals();
    return new Terminals(are.stdin(), json ? are.stderr() : are.stdout(), are.stderr());
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
