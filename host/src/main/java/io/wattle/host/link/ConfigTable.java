package io.wattle.host.link;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

  boolean knows(String name) {
    return byName.containsKey(name);
  }

  /** Takes the values of a config as of a revision; whether that changed anything. */
  boolean put(String name, Map<String, String> values, long revision) {
    boolean[] changed = new boolean[1];
    byName.compute(
        name,
        (key, known) -> {
          if (known != null && known.revision() > revision) {
            return known;
          }
          changed[0] = known == null || !known.values().equals(values);
          return new Entry(revision, Map.copyOf(values));
        });
    return changed[0];
  }

  private record Entry(long revision, Map<String, String> values) {}
}
