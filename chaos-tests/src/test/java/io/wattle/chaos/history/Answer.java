package io.wattle.chaos.history;

/** How a request ended, as its client saw it. */
public sealed interface Answer {
  /** It was done. */
  record Acknowledged(String body) implements Answer {}

  /**
   * The server said that it failed. It may have been done all the same.
   *
   * @param status of HTTP
   */
  record Refused(int status, String body) implements Answer {}

  /** No answer came. It may have been done all the same. */
  record Nothing(String why) implements Answer {}
}
