package io.wattle.wit.name;

import java.util.Optional;

/**
 * A version of an interface (semver.org 2.0.0). Numbers are decimal text without leading zeros.
 *
 * @param preRelease without the hyphen, empty when there is none
 * @param build without the plus, empty when there is none
 */
public record SemanticVersion(long major, long minor, long patch, String preRelease, String build) {

  /** Reads {@code 1.2.3-pre+build}; empty when it is no valid version. */
  public static Optional<SemanticVersion> parse(String text) {
    int plus = text.indexOf('+');
    String build = plus < 0 ? "" : text.substring(plus + 1);
    String rest = plus < 0 ? text : text.substring(0, plus);
    int hyphen = rest.indexOf('-');
    String pre = hyphen < 0 ? "" : rest.substring(hyphen + 1);
    String core = hyphen < 0 ? rest : rest.substring(0, hyphen);
    String[] parts = core.split("\\.", -1);
    boolean valid =
        parts.length == 3
            && number(parts[0])
            && number(parts[1])
            && number(parts[2])
            && (plus < 0 || identifiers(build, false))
            && (hyphen < 0 || identifiers(pre, true));
    if (!valid) {
      return Optional.empty();
    }
    return Optional.of(
        new SemanticVersion(
            Long.parseLong(parts[0]),
            Long.parseLong(parts[1]),
            Long.parseLong(parts[2]),
            pre,
            build));
  }

  /**
   * Reads a version, or the canonical part of one: {@code 1}, {@code 0.2} (Explainer, {@code
   * canonversion}).
   */
  static Optional<SemanticVersion> parseOrCanonical(String text) {
    Optional<SemanticVersion> version = parse(text);
    if (version.isPresent()) {
      return version;
    }
    int missing = 2 - (int) text.chars().filter(c -> c == '.').count();
    return missing < 1
        ? version
        : parse(text + ".0".repeat(missing)).filter(v -> v.canonical().equals(text));
  }

  /** What compatible versions have in common (Explainer, "Canonical Interface Name"). */
  public String canonical() {
    return major > 0 ? "" + major : minor > 0 ? "0." + minor : "0.0." + patch;
  }

  private static boolean number(String text) {
    return !text.isEmpty()
        && text.length() <= 18
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && (text.length() == 1 || text.charAt(0) != '0');
  }

  private static boolean identifiers(String text, boolean preRelease) {
    for (String part : text.split("\\.", -1)) {
      boolean digits = part.chars().allMatch(c -> c >= '0' && c <= '9');
      boolean valid =
          !part.isEmpty()
              && part.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-'))
              && !(preRelease && digits && part.length() > 1 && part.charAt(0) == '0');
      if (!valid) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether one may stand for the other: the same major version, below 1.0.0 the same minor, below
   * 0.1.0 the same patch; a pre-release only for itself.
   */
  public boolean compatible(SemanticVersion other) {
    if (!preRelease.isEmpty() || !other.preRelease.isEmpty()) {
      return major == other.major
          && minor == other.minor
          && patch == other.patch
          && preRelease.equals(other.preRelease);
    }
    if (major != 0 || other.major != 0) {
      return major == other.major;
    }
    return minor == other.minor && (minor != 0 || patch == other.patch);
  }

  @Override
  public String toString() {
    return major
        + "."
        + minor
        + "."
        + patch
        + (preRelease.isEmpty() ? "" : "-" + preRelease)
        + (build.isEmpty() ? "" : "+" + build);
  }
}
