package io.wattle.cli.app;

import io.wattle.cli.base.CommandException;
import io.wattle.controlplane.manifest.Format;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text of a manifest and where it is from.
 *
 * @param name the file as it was given, {@code stdin} for standard input
 * @param folder what relative references in it are relative to
 */
public record ManifestSource(String name, Path folder, String text, Format format) {
  /** Larger than any manifest. */
  private static final int MAX_BYTES = 8 << 20;

  /** Whether an argument means a file (or {@code -}) rather than an application's name. */
  public static boolean isFile(String argument) {
    return argument.equals("-")
        || argument.contains("/")
        || argument.contains("\\")
        || argument.endsWith(".yaml")
        || argument.endsWith(".yml")
        || argument.endsWith(".json");
  }

  /** Reads a file, or standard input for {@code -}. */
  public static ManifestSource read(String argument) throws CommandException {
    try {
      if (argument.equals("-")) {
        byte[] bytes = System.in.readNBytes(MAX_BYTES);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return new ManifestSource("stdin", Path.of("").toAbsolutePath(), text, format(text));
      }
      Path file = Path.of(argument).toAbsolutePath();
      if (!Files.exists(file)) {
        throw CommandException.notFound("no such file: " + argument);
      }
      if (Files.isDirectory(file)) {
        throw CommandException.usage(argument + " is a directory (expected: a manifest file)");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw CommandException.failed(
            argument + ": " + Files.size(file) + " bytes (expected: <= " + MAX_BYTES + ")");
      }
      Path folder = file.getParent();
      Format format = argument.endsWith(".json") ? Format.JSON : Format.YAML;
      return new ManifestSource(
          argument,
          folder == null ? file : folder,
          Files.readString(file, StandardCharsets.UTF_8),
          format);
    } catch (MalformedInputException e) {
      throw CommandException.failed(argument + " is not text in UTF-8").because(e);
    } catch (IOException e) {
      throw CommandException.failed("cannot read " + argument + ": " + e.getMessage()).because(e);
    }
  }

  private static Format format(String text) {
    return text.stripLeading().startsWith("{") ? Format.JSON : Format.YAML;
  }
}
