package io.wattle.host.link;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.Links;
import io.wattle.lattice.link.Revocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All links of the lattice by source, each source at the newest revision seen. Calls look up here;
 * what is not here cannot be called. Thread-safe.
 */
public final class LinkTable {
  private final Map<String, Entry> bySource = new ConcurrentHashMap<>();

  /** Where a call by this link name to this instance (version or not) goes. */
  public Optional<Link> route(String source, String linkName, String instance) {
    Entry entry = bySource.get(source);
    return entry == null ? Optional.empty() : Links.route(entry.links(), linkName, instance);
  }

  /** Whether the source has a link, of any name, for this instance. */
  public boolean serves(String source, String instance) {
    return from(source).stream().anyMatch(link -> link.carries(link.name(), instance));
  }

  /** The link that was taken away last and that such a call would have taken. */
  public Optional<Revocation> revoked(String source, String linkName, String instance) {
    Entry entry = bySource.get(source);
    return entry == null
        ? Optional.empty()
        : entry.revoked().stream().filter(r -> r.concerns(linkName, instance)).findFirst();
  }

  /** As of which revision the source's links are known; 0 when it was never heard of. */
  public long revision(String source) {
    Entry entry = bySource.get(source);
    return entry == null ? 0 : entry.revision();
  }

  /** The links of a source. */
  public List<Link> from(String source) {
    Entry entry = bySource.get(source);
    return entry == null ? List.of() : entry.links();
  }

  /** The links with this id at either end. */
  public List<Link> touching(String id) {
    return all().stream()
        .filter(link -> link.sourceId().equals(id) || link.target().equals(id))
        .toList();
  }

  /** All links. */
  public List<Link> all() {
    List<Link> all = new ArrayList<>();
    bySource.values().forEach(entry -> all.addAll(entry.links()));
    return List.copyOf(all);
  }

  /**
   * Takes the links of a source as of a revision; an older one than is known changes nothing.
   *
   * @return the ids at the ends of the links that are new, changed or gone
   */
  Set<String> put(String source, List<Link> links, List<Revocation> revoked, long revision) {
    Set<String> touched = new HashSet<>();
    bySource.compute(
        source,
        (key, known) -> {
          if (known != null && known.revision() > revision) {
            return known;
          }
          List<Link> before = known == null ? List.of() : known.links();
          touched.addAll(ends(before, links));
          touched.addAll(ends(links, before));
          return new Entry(revision, List.copyOf(links), List.copyOf(revoked));
        });
    return touched;
  }

  private static Set<String> ends(List<Link> links, List<Link> without) {
    Set<String> ends = new HashSet<>();
    for (Link link : links) {
      if (!without.contains(link)) {
        ends.add(link.sourceId());
        ends.add(link.target());
      }
    }
    return ends;
  }

  private record Entry(long revision, List<Link> links, List<Revocation> revoked) {}
}
