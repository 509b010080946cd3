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
}
