package io.wattle.providers.messaging;

import io.wattle.providers.LinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which subjects components may use. On the lattice's own NATS those by which hosts are commanded,
 * components called and state is kept are nobody's: who may publish there can run code on all
 * hosts.
 */
final class Subjects {
  private static final Set<String> OURS = Set.of("wasmbus", "wadm", "wattle", "wasmcloud_secrets");

  private Subjects() {}

  /**
   * A subscription.
   *
   * @param queue the group whose members share the messages
   */
  record Subscribed(String subject, Optional<String> queue) {}

  /** Reads {@code subscriptions}: {@code subject} or {@code subject|queue}, behind commas. */
  static List<Subscribed> subscriptions(Map<String, String> settings) throws LinkException {
    List<Subscribed> all = new ArrayList<>();
    for (String entry : settings.getOrDefault("subscriptions", "").split(",", -1)) {
      if (entry.isBlank()) {
        continue;
      }
      int bar = entry.indexOf('|');
      String subject = (bar < 0 ? entry : entry.substring(0, bar)).strip();
      String queue = bar < 0 ? "" : entry.substring(bar + 1).strip();
      if (!wellFormed(subject, true) || (bar >= 0 && !wellFormed(queue, false))) {
        throw new LinkException(
            "subscriptions: \""
                + entry.strip()
                + "\" (expected: SUBJECT or SUBJECT|QUEUE, like orders.*|workers)");
      }
      all.add(new Subscribed(subject, queue.isEmpty() ? Optional.empty() : Optional.of(queue)));
    }
    return List.copyOf(all);
  }

  /** Tokens with points between, none of them empty; {@code *} and a {@code >} at the end. */
  static boolean wellFormed(String subject, boolean wildcards) {
    String[] tokens = subject.split("\\.", -1);
    for (int i = 0; i < tokens.length; i++) {
      String token = tokens[i];
      boolean wild = token.equals("*") || (token.equals(">") && i == tokens.length - 1);
      boolean plain =
          !token.isEmpty()
              && token.chars().allMatch(c -> c > ' ' && c != 0x7f && c != '*' && c != '>');
      if (!plain && !(wildcards && wild)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a subject, or one that a wildcard stands for, is the lattice's own business. */
  static boolean isReserved(String subject, String lattice) {
    int point = subject.indexOf('.');
    String first = point < 0 ? subject : subject.substring(0, point);
    boolean wild = first.equals("*") || first.equals(">");
    return wild
        || first.startsWith("$")
        || OURS.contains(first)
        || first.equals(lattice)
        || List.of(subject.split("\\.", -1)).contains("wrpc");
  }

  /** The same for who wants to hear: nor are answers to others his business. */
  static boolean isSecret(String subject, String lattice) {
    return isReserved(subject, lattice) || subject.startsWith("_INBOX");
  }
}
