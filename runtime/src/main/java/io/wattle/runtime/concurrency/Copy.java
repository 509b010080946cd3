package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.ElementBuffer;
import io.wattle.runtime.abi.InstanceState;

/**
 * A read or write under way.
 *
 * @param instance of the guest
 * @param end at which end, of which {@code index} is the guest's index
 */
record Copy(InstanceState instance, ElementBuffer buffer, CopyEnd end, int index, EventCode code) {
  /** Some elements moved; more may, until the guest is told, which ends it by {@code reclaim}. */
  void progressed(Runnable reclaim) {
    end.tell(
        () -> {
          reclaim.run();
          return event(CopyResult.COMPLETED);
        });
  }

  /** It is over. */
  void done(CopyResult result) {
    end.tell(() -> event(result));
  }

  private Event event(CopyResult result) {
    return new Event(code, index, end.ended(this, result));
  }
}
