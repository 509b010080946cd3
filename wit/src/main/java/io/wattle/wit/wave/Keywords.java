package io.wattle.wit.wave;

import java.util.Set;

/**
 * Words that mean something in WAVE, so that a case of that name is written with a percent sign.
 */
final class Keywords {
  private static final Set<String> WORDS =
      Set.of("true", "false", "inf", "nan", "some", "none", "ok", "err");

  private Keywords() {}

  static String escape(String name) {
    return WORDS.contains(name) ? "%" + name : name;
  }
}
