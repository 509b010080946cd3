package io.wattle.lattice.wrpc;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Calls that were given up before they were seen here: the two messages have different subjects, so
 * one may overtake the other. Most of these are calls that another host has; the oldest are
 * forgotten.
 */
final class EarlyCancels {
  private static final int MOST = 1024;

  private final Set<String> replySubjects = new LinkedHashSet<>();

  synchronized void remember(String replyTo) {
    replySubjects.add(replyTo);
    if (replySubjects.size() > MOST) {
      Iterator<String> oldest = replySubjects.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** Whether this call was given up; asked once. */
  synchronized boolean take(String replyTo) {
    return !replySubjects.isEmpty() && replySubjects.remove(replyTo);
  }
}
