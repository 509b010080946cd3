package io.wattle.wit.value;

/**
 * How a guest that gave a string kept it: with the number of code units this tells whoever stores
 * the string how much room to ask for (CanonicalABI.md, {@code load_string}).
 */
public enum StringForm {
  /** In UTF-8. */
  UTF8,
  /** In UTF-16, by a guest that has no other form. */
  UTF16,
  /** In Latin-1, by a guest that has both. */
  LATIN1,
  /** In UTF-16, by a guest that has Latin-1 too and probably had need of this. */
  PROBABLY_UTF16
}
