package io.wattle.lattice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real Redis on loopback that keeps nothing on disk. It dies with this process: a shell between
 * the two kills it when its standard input ends.
 */
public final class RedisServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final String WATCHDOG =
      "\"$@\" </dev/null >/dev/null 2>&1 & echo $!; cat >/dev/null; kill -KILL $!";

  private final RedisBinary binary;
  private final List<String> options;
  private final int port;
  private Process watchdog;
  private ProcessHandle server;

  private RedisServer(
      RedisBinary binary, List<String> options, int port, Process watchdog, ProcessHandle server) {
    this.binary = binary;
    this.options = options;
    this.port = port;
    this.watchdog = watchdog;
    this.server = server;
  }

  /** Starts one on a free port, with further options such as {@code --requirepass x}. */
  public static RedisServer start(RedisBinary binary, Path directory, String... options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--dir", directory.toString()));
    all.addAll(List.of(options));
    IOException last = new IOException("no port was free");
    for (int tries = 0; tries < 5; tries++) { // somebody else may take the port in between
      int port = freePort();
      Process watchdog = launch(binary, port, all);
      RedisServer server = new RedisServer(binary, all, port, watchdog, serverOf(watchdog));
      try {
        server.awaitAnswer();
        return server;
      } catch (IOException e) {
        server.close();
        last = e;
      }
    }
    throw last;
  }

  /** {@code redis://127.0.0.1:6379/}. */
  public String url() {
    return "redis://127.0.0.1:" + port + "/";
  }

  public int port() {
    return port;
  }

  /** Kills it as {@code kill -9} does; what it held is lost. */
  public void kill() throws InterruptedException {
    server.destroyForcibly();
    try {
      watchdog.getOutputStream().close();
    } catch (IOException e) {
      // it is gone already
    }
    if (!watchdog.waitFor(START.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("redis-server does not die");
    }
  }

  /**
   * Starts a killed one again on its port. That can be taken for a moment: by anybody's connection,
   * or by a client's own that looked for the server and found itself.
   */
  public void restart() throws IOException, InterruptedException {
    long until = System.nanoTime() + START.toNanos();
    while (true) {
      watchdog = launch(binary, port, options);
      try {
        server = serverOf(watchdog);
        awaitAnswer();
        return;
      } catch (IOException e) {
        if (System.nanoTime() > until) {
          throw e;
        }
        close();
      }
    }
  }

  /**
   * Asks it something, as {@code redis-cli} does.
   *
   * @return the answer as text, an error as it is, {@code (nil)} for none
   */
  public String ask(String... command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) START.toMillis());
      StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
      for (String part : command) {
        request.append('$').append(part.getBytes(UTF_8).length).append("\r\n");
        request.append(part).append("\r\n");
      }
      socket.getOutputStream().write(request.toString().getBytes(UTF_8));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      String line = line(in);
      if (!line.startsWith("$")) {
        return line.startsWith("-")
            ? line.substring(1)
            : line.substring(Math.min(1, line.length()));
      }
      int length = Integer.parseInt(line.substring(1));
      return length < 0 ? "(nil)" : new String(in.readNBytes(length), UTF_8);
    }
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Process launch(RedisBinary binary, int port, List<String> options)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", WATCHDOG, "redis", binary.executable() + ""));
    command.addAll(List.of("--bind", "127.0.0.1", "--port", "" + port));
    command.addAll(List.of("--save", "", "--appendonly", "no"));
    command.addAll(options);
    return binary.process(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static ProcessHandle serverOf(Process watchdog) throws IOException {
    String pid = watchdog.inputReader(UTF_8).readLine();
    return ProcessHandle.of(pid == null ? -1 : Long.parseLong(pid.strip()))
        .orElseThrow(() -> new IOException("redis-server did not start"));
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long until = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        String said = ask("PING");
        if (said.equals("PONG") || said.startsWith("NOAUTH")) {
          return;
        }
      } catch (IOException e) {
        if (!server.isAlive() || System.nanoTime() > until) {
          throw new IOException("redis-server at port " + port + " does not answer", e);
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("Redis hung up");
      }
      line.write(next);
    }
    return line.toString(UTF_8).strip();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
