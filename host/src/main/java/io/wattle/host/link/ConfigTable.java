package io.wattle.host.link;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All named configs of the lattice at the newest revision seen. Thread-safe. */
public final class ConfigTable {
  private final Map<String, Entry> byName = new ConcurrentHashMap<>();

  /** The values of several configs, later names win; unknown ones add nothing. */
  public Map<String, String> merged(List<String> names) {
    Map<String, String> merged = new LinkedHashMap<>();
    for (String name : names) {
      Entry entry = byName.get(name);
      if (entry != null) {
        merged.putAll(entry.values());
      }
    }
    return merged;
  }

  /** The first of these configs that was deleted, and who did it. */
  public Optional<Deleted> deleted(List<String> names) {
    for (String name : names) {
      Entry entry = byName.get(name);
      if (entry != null && entry.deletedBy() != null) {
        return Optional.of(new Deleted(name, entry.deletedBy()));
      }
    }
    return Optional.empty();
  }

  /** As of which revision a config is known; 0 when it was never heard of. */
  public long revision(String name) {
    Entry entry = byName.get(name);
    return entry == null ? 0 : entry.revision();
  }

  boolean knows(String name) {
    return byName.containsKey(name);
  }

  /** Takes the values of a config as of a revision; whether that changed anything. */
  boolean put(String name, Map<String, String> values, long revision) {
    return put(name, new Entry(revision, Map.copyOf(values), null));
  }

  /** Takes note that a config was deleted; whether that changed anything. */
  boolean delete(String name, String by, long revision) {
    return put(name, new Entry(revision, Map.of(), by));
  }

  private boolean put(String name, Entry next) {
    boolean[] changed = new boolean[1];
    byName.compute(
        name,
        (key, known) -> {
          if (known != null && known.revision() > next.revision()) {
            return known;
          }
          changed[0] =
              known == null
                  || !known.values().equals(next.values())
                  || !Objects.equals(known.deletedBy(), next.deletedBy());
          return next;
        });
    return changed[0];
  }

  /** A config that is gone. */
  public record Deleted(String name, String by) {}

  private record Entry(long revision, Map<String, String> values, @Nullable String deletedBy) {}
}
