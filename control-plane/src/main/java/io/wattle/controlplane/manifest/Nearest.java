package io.wattle.controlplane.manifest;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The known word a misspelt one was probably meant to be. */
final class Nearest {
  private Nearest() {}

  /** The known word at most a third of the letters away, if there is one. */
  static @Nullable String to(String word, Collection<String> known) {
    if (word.length() > 64) {
      return null;
    }
    return known.stream()
        .filter(k -> distance(word, k) <= Math.max(1, k.length() / 3))
        .min(Comparator.comparingInt((String k) -> distance(word, k)).thenComparing(k -> k))
        .orElse(null);
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
