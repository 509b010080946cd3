package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.wasi.io.InputSource;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.runtime.wasi.io.Pollable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Optional;

/** An address that a guest of preview 1 listens on; closed with its instance. */
public final class TcpListener {
  private final TcpSocket socket;

  private TcpListener(TcpSocket socket) {
    this.socket = socket;
  }

  /** Listens, for the instance that makes this call. */
  public static TcpListener open(HostCall call, NetworkAccess access, InetSocketAddress address)
      throws IOException {
    Family family = address.getAddress() instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
    TcpSocket socket = TcpSocket.create(Sockets.of(call, access), family);
    socket.startBind(address);
    socket.finishBind();
    socket.startListen();
    socket.finishListen();
    return new TcpListener(socket);
  }

  /** Ready when {@link #accept} has a connection, or fails. */
  public Pollable ready() {
    return socket.ready();
  }

  /** The next connection, none when nobody waits for one. */
  public Optional<Accepted> accept() throws IOException {
    try {
      return Optional.of(new Accepted(socket.acceptConnection()));
    } catch (NetworkException e) {
      if (e.code() == ErrorCode.WOULD_BLOCK) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The guest needs it no more. */
  public void close() {
    socket.drop();
  }

  /** A connection. */
  public static final class Accepted {
    private final TcpSocket socket;
    private final InputSource input;
    private final OutputSink output;

    private Accepted(TcpSocket socket) {
      this.socket = socket;
      Connection connection = socket.connected();
      this.input = connection.input();
      this.output = connection.output();
    }

    public InputSource input() {
      return input;
    }

    public OutputSink output() {
      return output;
    }

    /** Ends one direction or both. */
    public void shutdown(boolean in, boolean out) throws IOException {
      socket.shutdown(in, out);
    }

    /** The guest needs it no more; what it has written still leaves. */
    public void close() {
      input.close();
      output.close();
      socket.drop();
    }
  }
}
