package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.Spill;

/**
 * Carries a copy of its store's stop flag, one load away from generated code. The flag is volatile
 * so that no loop keeps it in a register.
 */
abstract class Stoppable extends Spill {
  volatile boolean stopped;
  final StopSignal signal;

  Stoppable(StopSignal signal) {
    this.signal = signal;
    signal.watch(this);
  }
}
