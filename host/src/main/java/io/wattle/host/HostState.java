package io.wattle.host;

import java.util.EnumSet;
import java.util.Set;

/** The life of a host. */
public enum HostState {
  /** Joining the lattice. */
  STARTING,
  /** Takes commands and calls, also while NATS is away. */
  RUNNING,
  /** Takes nothing new, finishes what runs. */
  DRAINING,
  /** Gone. */
  STOPPED;

  /** Where a host can go from here. */
  public Set<HostState> next() {
    return switch (this) {
      case STARTING -> EnumSet.of(RUNNING, STOPPED);
      case RUNNING -> EnumSet.of(DRAINING);
      case DRAINING -> EnumSet.of(STOPPED);
      case STOPPED -> EnumSet.noneOf(HostState.class);
    };
  }
}
