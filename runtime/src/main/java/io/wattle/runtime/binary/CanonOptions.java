package io.wattle.runtime.binary;

import org.jspecify.annotations.Nullable;

/**
 * Options of a canonical definition (Binary.md, {@code canonopt}). Indices are of the core function
 * and core memory spaces; null where not given.
 */
public record CanonOptions(
    Encoding encoding,
    @Nullable Integer memory,
    @Nullable Integer realloc,
    @Nullable Integer postReturn,
    boolean async,
    @Nullable Integer callback) {

  /** No options at all. */
  static final CanonOptions NONE = new CanonOptions(Encoding.UTF8, null, null, null, false, null);

  /** How strings lie in memory. */
  public enum Encoding {
    UTF8("utf8"),
    UTF16("utf16"),
    LATIN1_UTF16("latin1-utf16");

    private final String text;

    Encoding(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
