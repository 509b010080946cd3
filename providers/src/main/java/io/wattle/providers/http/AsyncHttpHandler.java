package io.wattle.providers.http;

import io.wattle.wit.http.HttpRequest;

/** Answers requests without holding the thread that brings them. */
@FunctionalInterface
public interface AsyncHttpHandler {
  /**
   * Begins to answer; called on an event loop, so it must neither wait nor compute for long.
   *
   * @return what completes with the response, or fails as {@link PendingResponse} says
   */
  PendingResponse begin(HttpRequest request);
}
