package io.wattle.lattice.provider;

import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a creds file holds: host data has a place for that, not for the file (section 7.2). */
final class CredsText {
  private static final Pattern PARTS =
      Pattern.compile("-{3,}BEGIN [^\\n]*-{3,}\\s+(\\S+)\\s+-{3,}END ");

  private CredsText() {}

  /**
   * JWT and seed, in this order.
   *
   * @throws LatticeException of kind REFUSED when the file has not both
   */
  static Credentials.JwtSeed read(Path file) {
    try {
      Matcher parts = PARTS.matcher(Files.readString(file));
      if (parts.find()) {
        String jwt = parts.group(1);
        if (parts.find()) {
          return new Credentials.JwtSeed(jwt, parts.group(1));
        }
      }
    } catch (IOException e) {
      throw refused(file, "cannot be read: " + e, e);
    }
    throw refused(file, "has no user JWT and seed (expected: a file as nsc writes it)", null);
  }

  private static LatticeException refused(
      Path file, String why, @org.jspecify.annotations.Nullable IOException cause) {
    String text = "credentials file " + file + " " + why;
    return cause == null
        ? new LatticeException(LatticeException.Kind.REFUSED, text)
        : new LatticeException(LatticeException.Kind.REFUSED, text, cause);
  }
}
