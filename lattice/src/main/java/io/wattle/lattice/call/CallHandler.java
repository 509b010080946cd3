package io.wattle.lattice.call;

/**
 * Answers calls: a component, a provider, or the way to one on another host. Blocks until the
 * answer's synchronous part is there; streams go on afterwards.
 */
@FunctionalInterface
public interface CallHandler {
  /**
   * Answers one call. Called by many threads at once.
   *
   * @throws CallException when there is no answer; its kind says why
   * @throws InterruptedException when the caller gave up
   */
  CallReply handle(CallRequest request) throws CallException, InterruptedException;
}
