package io.wattle.host;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A request by hand, since the JDK's client does not show trailers. */
final class RawHttp {
  private RawHttp() {}

  /** Everything the server sends, to the end of the connection. */
  static String get(String url) throws Exception {
    return send("GET", url, "\r\n");
  }

  /** The same for a request with a body and a trailer. */
  static String post(String url, String body, String trailer) throws Exception {
    String length = Integer.toHexString(body.length());
    return send(
        "POST",
        url,
        "Transfer-Encoding: chunked\r\n\r\n%s\r\n%s\r\n0\r\n%s\r\n\r\n"
            .formatted(length, body, trailer));
  }

  private static String send(String method, String url, String rest) throws Exception {
    URI uri = URI.create(url);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(90_000);
      String request =
          method
              + " "
              + uri.getRawPath()
              + " HTTP/1.1\r\nHost: "
              + uri.getAuthority()
              + "\r\nTE: trailers\r\nConnection: close\r\n"
              + rest;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
