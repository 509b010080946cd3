package io.wattle.providers.http;

import io.wattle.lattice.call.CallException;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;

/** The way from a request to who answers it. */
interface Route {
  /** Who that is. */
  String target();

  HttpSettings settings();

  /** Waits for the answer, on a thread that may block. */
  HttpResponse call(HttpRequest request)
      throws CallException, HttpErrorException, InterruptedException;
}
