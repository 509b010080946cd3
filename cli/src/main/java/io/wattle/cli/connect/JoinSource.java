package io.wattle.cli.connect;

import io.wattle.cli.base.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Where a join token comes from: the command line, a file, or standard input. */
final class JoinSource {
  private JoinSource() {}

  /**
   * Reads it.
   *
   * @param given the token itself, a file's name, or {@code -}
   * @param from the option or variable, for errors
   */
  static JoinToken read(String given, String from) throws CommandException {
    return JoinToken.parse(text(given, from), Instant.now());
  }

  private static String text(String given, String from) throws CommandException {
    if (given.equals("-")) {
      return standardInput();
    }
    if (JoinToken.looksLikeOne(given)) {
      return given;
    }
    try {
      return Files.readString(Path.of(given));
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw CommandException.usage(
              from
                  + ": neither a join token, which begins with wattle1., nor a file that can be"
                  + " read")
          .hint("`wattle token` prints the token, where `wattle up --listen` runs.")
          .because(e);
    }
  }

  private static String standardInput() throws CommandException {
    try {
      String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      if (line == null) {
        throw CommandException.usage("--join -: nothing on standard input (expected: a token)");
      }
      return line;
    } catch (IOException e) {
      throw CommandException.failed("standard input: " + e.getMessage()).because(e);
    }
  }
}
