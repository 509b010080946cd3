package io.wattle.cli.up;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor's control socket: one request line, one answer line for each connection. It lies
 * in a folder that only the user can enter.
 */
final class ControlSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);

  /**
   * Longest path that fits into a socket address on every platform (104 on macOS, with its NUL).
   */
  private static final int MAX_PATH = 100;

  private final ServerSocketChannel server;
  private final Path path;

  private ControlSocket(ServerSocketChannel server, Path path) {
    this.server = server;
    this.path = path;
  }

  /** Listens; {@code answer} makes an answer line from a request line. */
  static ControlSocket open(DataDir dataDir, UnaryOperator<String> answer) throws CommandException {
    try {
      Path path = place(dataDir);
      Files.deleteIfExists(path); // left by one that was killed; we hold the lock
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      ControlSocket socket = new ControlSocket(server, path);
      Thread.ofPlatform().daemon().name("control-socket").start(() -> socket.serve(answer));
      return socket;
    } catch (IOException | UnsupportedOperationException e) {
      throw CommandException.failed(
              "cannot open the control socket in " + dataDir + ": " + e.getMessage())
          .hint("Set WATTLE_HOME to a folder on a local disk.")
          .because(e);
    }
  }

  /** Where it is: in the data directory, or under a short name where that is too long. */
  private static Path place(DataDir dataDir) throws IOException {
    Path path = dataDir.socket();
    if (path.toString().length() <= MAX_PATH) {
      return path;
    }
    String name = "wattle-" + Integer.toHexString(path.toString().hashCode());
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), name);
    DataDir.createPrivate(folder);
    if (!Files.getOwner(folder).equals(Files.getOwner(dataDir.root()))) {
      throw new IOException(folder + " belongs to somebody else");
    }
    return folder.resolve("supervisor.sock");
  }

  Path path() {
    return path;
  }

  private void serve(UnaryOperator<String> answer) {
    while (server.isOpen()) {
      try (SocketChannel peer = server.accept();
          BufferedReader reader =
              new BufferedReader(Channels.newReader(peer, StandardCharsets.UTF_8))) {
        String request = reader.readLine();
        if (request != null) {
          byte[] reply = (answer.apply(request) + "\n").getBytes(StandardCharsets.UTF_8);
          peer.write(ByteBuffer.wrap(reply));
        }
      } catch (IOException e) {
        log.debug("control socket: {}", e.toString());
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.debug("control socket: {}", e.toString());
    }
  }

  /** Asks a running supervisor. */
  static String ask(Path path, String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        BufferedReader reader =
            new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
      String answer = reader.readLine();
      if (answer == null) {
        throw new IOException("no answer");
      }
      return answer;
    }
  }
}
