package io.wattle.lattice.wrpc;

import io.wattle.lattice.call.CallTarget;
import java.util.List;

/** Subjects of calls (sections 6.1 to 6.3). */
final class WrpcSubjects {
  private static final String PROTOCOL = ".wrpc.0.0.1.";

  private WrpcSubjects() {}

  /** Where a function is called. */
  static String invocation(String lattice, CallTarget target) {
    String instance = target.instance().isEmpty() ? "" : target.instance() + ".";
    return lattice + "." + target.id() + PROTOCOL + instance + target.function();
  }

  /** The group that shares a target's functions. */
  static String queue(String lattice, String targetId) {
    return lattice + "." + targetId;
  }

  /** Where a caller of ours that gives up says so, with its reply subject as the body. */
  static String cancel(String lattice, String targetId) {
    return lattice + "." + targetId + ".wattle.cancel";
  }

  /** Where a caller of ours asks whether its calls of a target are under way. */
  static String alive(String lattice, String targetId) {
    return lattice + "." + targetId + ".wattle.alive";
  }

  /** {@code params} or {@code results}, followed by an index path. */
  static String path(String root, List<Integer> path) {
    StringBuilder suffix = new StringBuilder(root);
    for (int index : path) {
      suffix.append('.').append(index);
    }
    return suffix.toString();
  }
}
