package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * One HTTP/1.1 exchange on a socket of its own, of which request and response bodies are written
 * and read by hand, at any pace and at the same time.
 */
final class RawExchange implements AutoCloseable {
  private static final int SMALL_BUFFER = 64 << 10;
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Socket socket = new Socket();
  private final InputStream in;
  private long left;
  private boolean chunked;

  private RawExchange(int port, String head) throws IOException {
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSendBufferSize(SMALL_BUFFER);
    socket.setSoTimeout(Math.toIntExact(SILENCE.toMillis()));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    in = new BufferedInputStream(socket.getInputStream(), SMALL_BUFFER);
  }

  static RawExchange get(int port, String target) throws IOException {
    return new RawExchange(
        port, "GET " + target + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  }

  static RawExchange post(int port, String target, long length) throws IOException {
    return new RawExchange(
        port,
        "POST "
            + target
            + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: "
            + length
            + "\r\n\r\n");
  }

  /** Where the request's body goes. */
  OutputStream body() throws IOException {
    return socket.getOutputStream();
  }

  /** Reads the response's head, which must have this status. */
  void expect(int status) throws IOException {
    String first = line();
    String problem = "";
    String header = line();
    while (!header.isEmpty()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        left = Long.parseLong(lower.substring(lower.indexOf(':') + 1).strip());
      }
      chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
      header = line();
    }
    if (!first.startsWith("HTTP/1.1 " + status)) {
      problem = new String(readAll(), StandardCharsets.UTF_8);
    }
    assertThat(first).as(problem).startsWith("HTTP/1.1 " + status);
  }

  /** Reads what has come of the body, -1 at its end. A body cut short is an error. */
  int read(byte[] into) throws IOException {
    if (left == 0 && chunked) {
      left = Long.parseLong(line(), 16);
      if (left == 0) {
        while (!line().isEmpty()) {
          // trailers
        }
        chunked = false;
      }
    }
    if (left == 0) {
      return -1;
    }
    int count = in.read(into, 0, (int) Math.min(into.length, left));
    if (count < 0) {
      throw new IOException("the body ended " + left + " bytes too early");
    }
    left -= count;
    if (left == 0 && chunked) {
      line();
    }
    return count;
  }

  /** The rest of the body. */
  byte[] readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[SMALL_BUFFER];
    int count = read(buffer);
    while (count >= 0) {
      all.write(buffer, 0, count);
      count = read(buffer);
    }
    return all.toByteArray();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c != '\n') {
      if (c < 0) {
        throw new IOException("the connection ended after: " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
      c = in.read();
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
