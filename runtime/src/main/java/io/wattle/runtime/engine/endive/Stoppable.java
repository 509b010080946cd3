package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.Spill;

/**
 * Carries a copy of its store's stop flag, one load away from generated code. The flag is volatile
 * so that no loop keeps it in a register.
 */
abstract class Stoppable extends Spill {
  volatile boolean stopped;

  /**
   * The same, read plainly where code comes by as often as it runs: where functions begin. HotSpot
   * may take one read for several in a piece of code that has no call and no loop left, and what it
   * knows of memory holds across it.
   */
  boolean stopping;

  final StopSignal signal;

  Stoppable(StopSignal signal) {
    this.signal = signal;
    signal.watch(this);
  }
}
