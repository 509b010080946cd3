package io.wattle.providers.http;

import io.wattle.lattice.call.CallException;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;

/** Answers requests. */
@FunctionalInterface
interface HttpHandler {
  /**
   * Waits for the answer; many at once, each on a virtual thread.
   *
   * @throws CallException becomes the status of its kind
   * @throws HttpErrorException becomes a 500
   * @throws InterruptedException when the client went away
   */
  HttpResponse handle(HttpRequest request)
      throws CallException, HttpErrorException, InterruptedException;
}
