package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the wasm-tools on the PATH do for us: the text format, and adapters of core modules. */
final class WasmTools {
  /** Names another program than the one on the PATH. */
  static final String PROPERTY = "wattle.wasm-tools";

  private static final long MOST_SECONDS = 60;

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
    Path folder = Files.createTempDirectory("wattle-tools");
    Path binary = folder.resolve("made.wasm");
    Path said = folder.resolve("said");
    try {
      List<String> command = new ArrayList<>(List.of(System.getProperty(PROPERTY, "wasm-tools")));
      command.addAll(arguments);
      command.addAll(List.of("-o", binary.toString()));
      if (exit(why, command, said) != 0) {
        throw CommandException.failed(
            "wasm-tools: " + Files.readString(said, StandardCharsets.UTF_8).strip());
      }
      return Files.readAllBytes(binary);
    } finally {
      Files.deleteIfExists(binary);
      Files.deleteIfExists(said);
      Files.deleteIfExists(folder);
    }
  }

  static int exit(String why, List<String> command, Path said)
      throws CommandException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
    } catch (IOException e) {
      throw CommandException.failed(why + ", which wasm-tools has to do; it is not on the PATH")
          .hint("Install it (cargo install wasm-tools), or give what it makes: .wasm.")
          .because(e);
    }
    try {
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        throw CommandException.failed("wasm-tools took longer than " + MOST_SECONDS + " s");
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
