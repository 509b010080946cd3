package io.wattle.providers.httpclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** A server that says exactly what it is told to, whether it is HTTP or not. */
final class RawServer implements AutoCloseable {
  /** What it does with a connection. */
  interface Script {
    void run(Connection connection) throws IOException, InterruptedException;
  }

  private final ServerSocket listening;
  private final List<Connection> open = new CopyOnWriteArrayList<>();

  RawServer(Script script) throws IOException {
    this(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()), script);
  }

  /** On a socket that listens, which may be one with TLS. */
  RawServer(ServerSocket listening, Script script) {
    this.listening = listening;
    var _ = Thread.ofVirtual().start(() -> accept(script));
  }

  private void accept(Script script) {
    try {
      while (true) {
        Connection connection = new Connection(listening.accept());
        open.add(connection);
        var _ =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try (connection) {
                        script.run(connection);
                      } catch (IOException | InterruptedException e) {
                        // the client went away, or the test is over
                      } finally {
                        connection.over.release();
                      }
                    });
      }
    } catch (IOException e) {
      // closed
    }
  }

  String authority() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Connection connection : open) {
      connection.close();
    }
  }

  /** One connection, bytes as text. */
  static final class Connection implements AutoCloseable {
    final Semaphore over = new Semaphore(0);
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
      this.out = socket.getOutputStream();
    }

    /** The head of a request. */
    String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          throw new IOException("the end");
        }
        head.append((char) b);
      }
      return head.toString();
    }

    void say(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Reads so many bytes. */
    String take(int count) throws IOException {
      return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    /** Waits for the other end to close. */
    void awaitEnd() throws IOException {
      while (in.read() >= 0) {
        // more of it
      }
    }

    /** Has not read and does not write until it is closed. */
    void hang() throws InterruptedException {
      over.acquire();
    }

    @Override
    public void close() throws IOException {
      over.release();
      socket.close();
    }
  }
}
