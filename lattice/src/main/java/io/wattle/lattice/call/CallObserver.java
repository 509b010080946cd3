package io.wattle.lattice.call;

import org.jspecify.annotations.Nullable;

/** Hears of every call that this process made, once it is over. Called by many threads; fast. */
@FunctionalInterface
public interface CallObserver {
  /** Nobody listens. */
  CallObserver NONE = (target, path, messages, nanos, failure) -> {};

  /**
   * A call is over, its streams included.
   *
   * @param messages NATS messages that were sent and received for it, 0 in process
   * @param nanos until the answer was there; streams may have gone on
   * @param failure why there was no answer, null when there was one
   */
  void ended(
      CallTarget target,
      CallPath path,
      int messages,
      long nanos,
      CallException.@Nullable Kind failure);
}
