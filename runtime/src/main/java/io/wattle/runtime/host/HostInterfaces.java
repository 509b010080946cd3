package io.wattle.runtime.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Interfaces of the host, found by the name a component imports. Versions match as in the component
 * model's canonical interface names: 1.2.3 by the 1, 0.2.3 by the 0.2, 0.0.3 and pre-releases
 * exactly, none by none.
 */
public final class HostInterfaces {
  private final Map<String, HostInterface> byTrack;

  private HostInterfaces(Map<String, HostInterface> byTrack) {
    this.byTrack = byTrack;
  }

  /** These interfaces; of two on one track the later one counts. */
  public static HostInterfaces of(Collection<HostInterface> interfaces) {
    Map<String, HostInterface> byTrack = new LinkedHashMap<>();
    interfaces.forEach(each -> byTrack.put(track(each.name()), each));
    return new HostInterfaces(byTrack);
  }

  /** These and {@code more}, which go first. */
  public HostInterfaces plus(Collection<HostInterface> more) {
    List<HostInterface> all = new ArrayList<>(byTrack.values());
    all.addAll(more);
    return of(all);
  }

  /** The one that serves an import, or null. */
  public @Nullable HostInterface find(String imported) {
    return byTrack.get(track(imported));
  }

  /** All, in order. */
  public Collection<HostInterface> all() {
    return List.copyOf(byTrack.values());
  }

  /** The name with that part of its version that has to be equal. */
  static String track(String name) {
    int at = name.indexOf('@');
    if (at < 0) {
      return name;
    }
    int build = name.indexOf('+', at);
    String exact = build < 0 ? name : name.substring(0, build);
    if (exact.indexOf('-', at) >= 0) {
      return exact;
    }
    String[] parts = exact.substring(at + 1).split("\\.");
    if (parts.length != 3) {
      return exact;
    }
    int significant = !parts[0].equals("0") ? 1 : !parts[1].equals("0") ? 2 : 3;
    return exact.substring(0, at + 1) + String.join(".", List.of(parts).subList(0, significant));
  }
}
