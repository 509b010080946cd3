package io.wattle.providers.watch;

import io.wattle.providers.LinkException;
import io.wattle.providers.ProviderLink;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keys a link wants to hear of, by wasmCloud's setting {@code watch}, which is {@code
 * SET@key,DEL@key} (lattice reference, section 7.8).
 */
public record WatchedKeys(Map<String, Set<Change>> changes) {
  /** The interface that the target of such a link exports. */
  public static final String INTERFACE = "watcher";

  private static final String SETTING = "watch";

  public WatchedKeys {
    changes = Map.copyOf(changes);
  }

  /**
   * Those of a link from the provider to a component.
   *
   * @throws LinkException when it is no such link, or names none
   */
  public static WatchedKeys of(ProviderLink link) throws LinkException {
    if (!link.interfaces().contains(INTERFACE)) {
      throw new LinkException(
          "link to "
              + link.target()
              + ": a key-value provider is the source of links for the interface watcher only, not "
              + link.interfaces());
    }
    Map<String, String> settings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    settings.putAll(link.sourceConfig());
    Map<String, Set<Change>> changes = new LinkedHashMap<>();
    for (String entry : settings.getOrDefault(SETTING, "").split(",", -1)) {
      if (!entry.isBlank()) {
        read(link, entry.strip(), changes);
      }
    }
    if (changes.isEmpty()) {
      throw new LinkException(
          "link to "
              + link.target()
              + ": no watch in its source config (expected: the keys, like SET@name,DEL@name)");
    }
    return new WatchedKeys(changes);
  }

  private static void read(ProviderLink link, String entry, Map<String, Set<Change>> changes)
      throws LinkException {
    int at = entry.indexOf('@');
    String key = entry.substring(at + 1).strip();
    for (Change change : Change.values()) {
      boolean named =
          at > 0 && entry.substring(0, at).strip().toUpperCase(Locale.ROOT).equals(change.name());
      if (named && !key.isEmpty()) {
        changes.computeIfAbsent(key, k -> EnumSet.noneOf(Change.class)).add(change);
        return;
      }
    }
    throw new LinkException(
        "link to "
            + link.target()
            + ": watch: \""
            + entry
            + "\" (expected: SET@KEY or DEL@KEY, more of them behind commas)");
  }
}
