package io.wattle.cli.component;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.runtime.engine.EngineOptions.Memory;
import io.wattle.runtime.wasi.preview1.CoreProgram;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compiles ahead of the first use. */
@Command(
    name = "compile",
    description = "Compile a file ahead, so that run, serve and call start it at once.",
    footer = {
      "",
      "What is kept is for this user, this version and this JDK; a host keeps its own.",
      "",
      "Example:",
      "  wattle compile tool.wasm"
    })
public final class CompileCommand extends BaseCommand {
  @Parameters(paramLabel = "FILE", description = "A component or core module: .wasm, .wat.")
  private String file = "";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Where to keep it (default: where run, serve and call look).")
  private @Nullable Path folder;

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    Path to = folder == null ? LocalRuntime.compiled() : folder;
    long start = System.nanoTime();
    String digest = "";
    byte[] wasm = LocalRuntime.read(file);
    for (Memory kind : Memory.values()) { // `serve` wants the one, `run` and `call` the other
      try (LocalRuntime local = LocalRuntime.compiling(to, kind)) {
        if (CoreProgram.isCoreModule(wasm)) {
          digest = local.loadCore(file, wasm).digest();
        } else {
          digest = local.load(file, wasm).digest();
        }
      }
    }
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    return Answer.of("compiled " + file + " in " + millis + " ms, kept in " + to)
        .with("file", file)
        .with("digest", "sha256:" + digest)
        .with("millis", millis)
        .with("kept_in", to.toString());
  }
}
