package io.wattle.controlplane.manifest;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong, or doubtful, in a manifest.
 *
 * @param severity whether the manifest is refused
 * @param rule the rule's number in wadm's order of evaluation; 0 for what cannot be read at all
 * @param at where in the text
 * @param path what is meant, such as {@code spec.components[1].traits[0].properties.instances}
 * @param message what is wrong, in our words
 * @param expected what would be right, if that can be said in a few words
 * @param got what is there instead
 * @param hint how to put it right
 * @param wadm the sentence wadm answers for this, which its clients know; null where wadm has none
 */
public record Problem(
    Severity severity,
    int rule,
    Position at,
    String path,
    String message,
    @Nullable String expected,
    @Nullable String got,
    @Nullable String hint,
    @Nullable String wadm) {

  /** Whether a problem refuses the manifest. */
  public enum Severity {
    /** The manifest is refused. */
    ERROR,
    /** The manifest is accepted; something in it has no effect or looks mistaken. */
    WARNING
  }

  static Problem error(int rule, Place place, String message) {
    return new Problem(
        Severity.ERROR, rule, place.at(), place.path(), message, null, null, null, null);
  }

  static Problem warning(int rule, Place place, String message) {
    return new Problem(
        Severity.WARNING, rule, place.at(), place.path(), message, null, null, null, null);
  }

  Problem expected(String newExpected, String newGot) {
    return new Problem(severity, rule, at, path, message, newExpected, newGot, hint, wadm);
  }

  Problem hint(@Nullable String newHint) {
    return new Problem(severity, rule, at, path, message, expected, got, newHint, wadm);
  }

  Problem wadm(int newRule, String newWadm) {
    return new Problem(severity, newRule, at, path, message, expected, got, hint, newWadm);
  }

  /** Whether the manifest is refused for it. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The sentence for wadm's clients. */
  String wadmMessage() {
    return wadm == null ? describe() + " at " + at : wadm;
  }

  /**
   * One line: path, message, expected, got, hint; without the position, which the caller puts
   * before it.
   */
  public String describe() {
    StringBuilder text = new StringBuilder(path.isEmpty() ? "" : path + ": ").append(message);
    if (expected != null) {
      text.append(" (expected: ").append(expected);
      text.append(got == null ? ")" : ", got: " + got + ")");
    }
    return (hint == null ? text : text.append("; ").append(hint)).toString();
  }

  @Override
  public String toString() {
    return at.line()
        + ":"
        + at.column()
        + ": "
        + (isError() ? "error: " : "warning: ")
        + describe();
  }
}
