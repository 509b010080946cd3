package io.wattle.cli.component;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.lattice.call.CallException;
import io.wattle.providers.LinkException;
import io.wattle.providers.http.AsyncHttpHandler;
import io.wattle.providers.http.PendingResponse;
import io.wattle.providers.http.StandaloneServer;
import io.wattle.runtime.Component;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.Task;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves HTTP with a component here. */
@Command(
    name = "serve",
    description = "Serve HTTP with a component that exports wasi:http/incoming-handler.",
    footer = {
      "",
      "Every request gets a fresh instance. Ctrl-C stops it: what runs may finish.",
      "",
      "Examples:",
      "  wattle serve hello.wasm",
      "  wattle serve files.wasm --addr 0.0.0.0:8080 --dir ./public::/:readonly",
      "  wattle serve proxy.wasm --allow-net api.example.com:443"
    })
public final class ServeCommand extends BaseCommand {
  private static final String HANDLER = "wasi:http/incoming-handler@0.2.";
  private static final Duration DRAIN = Duration.ofSeconds(10);

  @Parameters(paramLabel = "FILE", description = "A component, .wasm.")
  private String file = "";

  @Option(
      names = "--addr",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
      description = "Where it listens; port 0 takes any free one (default: ${DEFAULT-VALUE}).")
  private String address = "";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60",
      description =
          "How long a request may take: seconds, or 500ms, 2m (default: ${DEFAULT-VALUE}).")
  private String timeout = "60";

  @Option(names = "--interpret", hidden = true, description = "Compiles nothing: for warm-up.")
  private boolean interpreted;

  @Mixin private GuestOptions given = new GuestOptions();

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    if (!StandaloneServer.isAddress(address)) {
      throw CommandException.usage(
          "--addr: \"" + address + "\" (expected: HOST:PORT, like 127.0.0.1:8080)");
    }
    Duration most = Times.parse("--timeout", timeout);
    WasiOptions.Builder options =
        WasiOptions.builder()
            .arguments(List.of(file))
            .stdout(StandardStreams.to(System.err))
            .stderr(StandardStreams.to(System.err));
    LocalHttp http = new LocalHttp();
    given.into(options, http);
    try (http;
        LocalRuntime local = interpreted ? LocalRuntime.looking() : LocalRuntime.serving();
        GuestThreads threads = new GuestThreads(GuestThreads.STACK_BYTES)) {
      Component component = local.load(file, given.read(file));
      require(component);
      Imports imports = Imports.of(Wasi.interfaces(options.build()));
      try (GuestComponent guest =
          new GuestComponent(local.runtime().link(component, imports, given.limits()), threads)) {
        serve(guest, most, console);
        return Answer.NONE;
      } catch (io.wattle.runtime.LinkException e) {
        throw LocalImports.failure(file, component, e);
      }
    }
  }

  private void require(Component component) throws CommandException {
    if (component.exports().stream().noneMatch(name -> name.startsWith(HANDLER))) {
      throw CommandException.failed(
              file
                  + " exports "
                  + LocalImports.list(component.exports())
                  + " (expected: "
                  + HANDLER
                  + "x)")
          .hint("`wattle run` runs commands, `wattle call` calls other functions.");
    }
  }

  private void serve(GuestComponent guest, Duration most, Console console)
      throws CommandException, InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook = new Thread(() -> stopAtExit(stop, stopped), "stop-at-exit");
    Runtime.getRuntime().addShutdownHook(hook);
    try (StandaloneServer server =
        StandaloneServer.open(address, file, handler(guest, most), DRAIN)) {
      console.answer(Answer.of(file + " is served at " + server.url()).with("url", server.url()));
      stop.await();
    } catch (LinkException e) {
      throw CommandException.failed(String.valueOf(e.getMessage())).because(e);
    } finally {
      stopped.countDown();
    }
  }

  private static void stopAtExit(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      var _ = stopped.await(2 * DRAIN.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AsyncHttpHandler handler(GuestComponent guest, Duration most) {
    return request -> {
      Task task = new Task(file, Deadline.in(most), Map.of());
      CompletableFuture<HttpResponse> response = guest.start(task, request, ServeCommand::ended);
      return new PendingResponse(
          response.exceptionallyCompose(failure -> CompletableFuture.failedFuture(of(failure))),
          () -> {
            // The guest that answers hears of it by the body.
            if (!response.isDone()) {
              task.cancel("the client went away");
            }
          });
    };
  }

  private Throwable of(Throwable failure) {
    return failure instanceof TrapException trap
        ? new CallException(kind(trap), file + " was ended: " + trap.getMessage(), trap)
        : failure;
  }

  private static void ended(@org.jspecify.annotations.Nullable Throwable failure) {
    if (failure != null) {
      LoggerFactory.getLogger(ServeCommand.class)
          .warn("an instance was ended: {}", failure.getMessage());
    }
  }

  private static CallException.Kind kind(TrapException trap) {
    return switch (trap.kind()) {
      case TRAP, LIMIT, EXIT, IMPORT_FAILED -> CallException.Kind.TRAPPED;
      case BUSY -> CallException.Kind.BUSY;
      case DEADLINE -> CallException.Kind.TIMEOUT;
      case CANCELLED -> CallException.Kind.LOST;
    };
  }
}
