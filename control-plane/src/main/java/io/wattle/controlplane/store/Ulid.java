package io.wattle.controlplane.store;

import java.security.SecureRandom;
import java.time.Instant;

/**
 * Makes ULIDs: 48 bits of milliseconds and 80 random bits as 26 letters, so that they sort by time.
 */
final class Ulid {
  private static final char[] LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ulid() {}

  static String at(Instant time) {
    char[] text = new char[26];
    long millis = time.toEpochMilli();
    for (int i = 9; i >= 0; i--) {
      text[i] = LETTERS[(int) (millis & 31)];
      millis >>>= 5;
    }
    for (int i = 10; i < 26; i++) {
      text[i] = LETTERS[RANDOM.nextInt(32)];
    }
    return new String(text);
  }
}
