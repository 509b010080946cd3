package io.wattle.host.component;

import io.wattle.lattice.link.Link;
import io.wattle.runtime.Task;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The link names that invocations have chosen with {@code wasmcloud:bus/lattice.set-link-name}.
 * Each belongs to its invocation alone and vanishes with it.
 */
final class LinkNames {
  private final Map<Task, Map<String, String>> chosen =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The name in force for an interface, without version. */
  String forInterface(Task task, String unversioned) {
    Map<String, String> own = chosen.isEmpty() ? null : chosen.get(task);
    return own == null ? Link.DEFAULT_NAME : own.getOrDefault(unversioned, Link.DEFAULT_NAME);
  }

  /** Chooses; {@code default} takes a choice back. */
  void choose(Task task, String unversioned, String linkName) {
    chosen.computeIfAbsent(task, key -> new ConcurrentHashMap<>()).put(unversioned, linkName);
  }
}
