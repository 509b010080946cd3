package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** What the wasm-tools on the PATH do for us: the text format, and adapters of core modules. */
final class WasmTools {
  /** Names another program than the one on the PATH. */
  static final String PROPERTY = "wattle.wasm-tools";

  private static final long MOST_SECONDS = 60;

  /** A blocking read of a pipe would hold the carrier of a virtual thread. */
  private static final ThreadFactory READERS =
      Thread.ofPlatform().daemon().name("wasm-tools-", 1).factory();

  private WasmTools() {}

  /** The binary of a module or component in text. */
  static byte[] binary(Path text) throws CommandException, IOException, InterruptedException {
    return run(text + " is text", List.of("parse", text.toString()));
  }

  /**
   * The component of a core module and adapters for its imports.
   *
   * @param adapters {@code NAME=FILE} each
   */
  static byte[] component(Path module, List<String> adapters)
      throws CommandException, IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("component", "new", module.toString()));
    for (String adapter : adapters) {
      arguments.add("--adapt");
      arguments.add(adapter);
    }
    return run(module + " is to be adapted", arguments);
  }

  private static byte[] run(String why, List<String> arguments)
      throws CommandException, IOException, InterruptedException {
    return run(System.getProperty(PROPERTY, "wasm-tools"), why, arguments);
  }

  /** What it writes to standard output: no file is left behind, however this process ends. */
  static byte[] run(String program, String why, List<String> arguments)
      throws CommandException, IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    Process process;
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw CommandException.failed(why + ", which wasm-tools has to do; it is not on the PATH")
          .hint("Install it (cargo install wasm-tools), or give what it makes: .wasm.")
          .because(e);
    }
    try (ExecutorService readers = Executors.newThreadPerTaskExecutor(READERS)) {
      Future<byte[]> binary = readers.submit(() -> process.getInputStream().readAllBytes());
      Future<byte[]> said = readers.submit(() -> process.getErrorStream().readAllBytes());
      try {
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
          throw CommandException.failed("wasm-tools took longer than " + MOST_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
          throw CommandException.failed(
              "wasm-tools: " + new String(said.get(), StandardCharsets.UTF_8).strip());
        }
        return binary.get();
      } finally {
        process.destroyForcibly();
      }
    } catch (ExecutionException e) {
      throw new IOException("wasm-tools: " + e.getMessage(), e);
    }
  }
}
