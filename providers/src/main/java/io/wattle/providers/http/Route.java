package io.wattle.providers.http;

import io.wattle.wit.http.HttpRequest;

/** The way from a request to who answers it. */
interface Route {
  /** Who that is. */
  String target();

  HttpSettings settings();

  /**
   * Begins to answer, on the request's event loop.
   *
   * @param threads for what may wait
   */
  PendingResponse begin(HttpRequest request, Exchanges threads);
}
