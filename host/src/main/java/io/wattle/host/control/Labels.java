package io.wattle.host.control;

import io.wattle.lattice.control.ControlRefusal;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A host's labels: three it has by itself, and those its user gave it (sections 1.3, 2.15). */
public final class Labels {
  private static final String BUILT_IN = "hostcore.";

  private volatile Map<String, String> labels;

  /** The built-in ones, and the user's, which win. */
  public Labels(Map<String, String> given) {
    Map<String, String> all = new TreeMap<>();
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    boolean windows = os.startsWith("windows");
    all.put("hostcore.arch", arch(System.getProperty("os.arch")));
    all.put("hostcore.os", windows ? "windows" : os.startsWith("mac") ? "macos" : os);
    all.put("hostcore.osfamily", windows ? "windows" : "unix");
    all.putAll(given);
    labels = Map.copyOf(all);
  }

  /** All of them. */
  public Map<String, String> all() {
    return labels;
  }

  /** Whether every constraint equals a label. */
  boolean satisfy(Map<String, String> constraints) {
    return labels.entrySet().containsAll(constraints.entrySet());
  }

  synchronized void put(String key, String value) throws ControlRefusal {
    if (key.isEmpty()) {
      throw new ControlRefusal("key: empty (expected: a label's name)");
    }
    if (key.toLowerCase(Locale.ROOT).startsWith(BUILT_IN)) {
      throw new ControlRefusal("hostcore.* labels cannot be set dynamically");
    }
    Map<String, String> changed = new TreeMap<>(labels);
    changed.put(key, value);
    labels = Map.copyOf(changed);
  }

  /** Whether it was there. */
  synchronized boolean delete(String key) {
    Map<String, String> changed = new TreeMap<>(labels);
    boolean there = changed.remove(key) != null;
    labels = Map.copyOf(changed);
    return there;
  }

  /** The names Rust has for architectures, which all hosts of a lattice share. */
  private static String arch(String java) {
    return switch (java) {
      case "amd64" -> "x86_64";
      case "arm64" -> "aarch64";
      default -> java;
    };
  }
}
