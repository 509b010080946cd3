package io.wattle.providers;

/** Starts providers of one kind. */
public interface ProviderFactory {
  /** The kind: the last part of the image names it answers to, like {@code http-server}. */
  String kind();

  /**
   * Starts one.
   *
   * @throws LinkException when its configuration does not allow it to start
   */
  Provider start(ProviderContext context) throws LinkException, InterruptedException;

  /**
   * Starts one that is to take the place of another of this kind and id in the same process. The
   * other one serves until {@link Provider#takeOver}, and goes on if this one is closed without it.
   * A kind that cannot run twice, because it listens, takes over here what the other one holds.
   *
   * @throws LinkException when its configuration does not allow it to start
   */
  default Provider succeed(Provider before, ProviderContext context)
      throws LinkException, InterruptedException {
    return start(context);
  }
}
