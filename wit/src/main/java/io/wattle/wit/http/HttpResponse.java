package io.wattle.wit.http;

/** A response: status 100 to 999, headers, and a body that is streamed. */
public record HttpResponse(int status, Fields headers, HttpBody body) {
  public HttpResponse {
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException("status: " + status + " (expected: 100 to 999)");
    }
  }
}
