package io.wattle.host.provider;

import java.util.EnumSet;
import java.util.Set;

/** The life of a provider on a host, in this process or in one of its own. */
enum ProviderState {
  /** Being brought up, for the first time or again. */
  STARTING,
  /** Serves. */
  RUNNING,
  /** Crashed; it is started again after a pause. */
  DOWN,
  /** Takes nothing new, finishes what runs. */
  STOPPING,
  /** Gone. */
  STOPPED;

  /** Where a provider can go from here. */
  Set<ProviderState> next() {
    return switch (this) {
      case STARTING -> EnumSet.of(RUNNING, DOWN, STOPPING);
      case RUNNING -> EnumSet.of(DOWN, STOPPING);
      case DOWN -> EnumSet.of(STARTING, STOPPING);
      case STOPPING -> EnumSet.of(STOPPED);
      case STOPPED -> EnumSet.noneOf(ProviderState.class);
    };
  }
}
