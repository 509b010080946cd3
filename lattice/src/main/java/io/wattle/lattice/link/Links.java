package io.wattle.lattice.link;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The rules for the links of one source, as pure functions (sections 2.11 and 5.2). */
public final class Links {
  /** What the protocol answers when the same link exists with another target. */
  public static final String CONFLICT =
      "link already exists with different target, consider deleting the existing link or using a"
          + " different link name";

  private Links() {}

  /** What becomes of a put. */
  public sealed interface Put {
    /** The links afterwards; {@code changed} is false when they are what they were. */
    record Stored(List<Link> links, boolean changed) implements Put {}

    /** Refused: {@code existing} leads elsewhere. */
    record Conflict(Link existing) implements Put {}
  }

  /**
   * Puts a link: replaces the one with the same source, target, package and name in place, else
   * appends it.
   *
   * @param replace whether links in conflict are removed instead of refusing the put
   */
  public static Put put(List<Link> links, Link link, boolean replace) {
    List<Link> after = new ArrayList<>(links);
    Optional<Link> conflict = conflict(links, link);
    if (conflict.isPresent()) {
      if (!replace) {
        return new Put.Conflict(conflict.get());
      }
      after.removeIf(existing -> conflicts(existing, link));
    }
    int at = indexOfSame(after, link);
    if (at < 0) {
      after.add(link);
    } else {
      after.set(at, link);
    }
    return new Put.Stored(List.copyOf(after), !after.equals(links));
  }

  /** The first link in conflict with {@code link}. */
  public static Optional<Link> conflict(List<Link> links, Link link) {
    return links.stream().filter(existing -> conflicts(existing, link)).findFirst();
  }

  /** Same source, package, name and a shared interface, but another target. */
  public static boolean conflicts(Link existing, Link link) {
    return LinkKey.of(existing).matches(link)
        && !existing.target().equals(link.target())
        && !Collections.disjoint(existing.interfaces(), link.interfaces());
  }

  /** Same source, target, package and name: a put replaces it. */
  public static boolean same(Link a, Link b) {
    return LinkKey.of(a).matches(b) && a.target().equals(b.target());
  }

  /** The first link with this key: what a delete removes. */
  public static Optional<Link> find(List<Link> links, LinkKey key) {
    return links.stream().filter(key::matches).findFirst();
  }

  /** The links without the first one with this key. */
  public static List<Link> delete(List<Link> links, LinkKey key) {
    Optional<Link> found = find(links, key);
    if (found.isEmpty()) {
      return links;
    }
    List<Link> after = new ArrayList<>(links);
    after.remove(found.get());
    return List.copyOf(after);
  }

  /** Where a call by this link name to this instance goes. */
  public static Optional<Link> route(List<Link> links, String linkName, String instance) {
    return links.stream().filter(link -> link.carries(linkName, instance)).findFirst();
  }

  private static int indexOfSame(List<Link> links, Link link) {
    for (int i = 0; i < links.size(); i++) {
      if (same(links.get(i), link)) {
        return i;
      }
    }
    return -1;
  }
}
