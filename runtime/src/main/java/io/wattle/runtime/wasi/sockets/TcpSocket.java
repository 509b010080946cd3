package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.wasi.io.GuestInput;
import io.wattle.runtime.wasi.io.GuestOutput;
import io.wattle.runtime.wasi.io.Pollable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of the resource {@code tcp-socket}. Binding an address that may be listened on
 * listens at once, because Java binds and listens in one step; nothing is accepted before the guest
 * does.
 */
final class TcpSocket {
  private enum State {
    UNBOUND,
    BINDING,
    BOUND,
    STARTING_TO_LISTEN,
    LISTENING,
    CONNECTING,
    CONNECTED,
    FAILED
  }

  private final Sockets owner;
  private final Family family;
  private State state = State.UNBOUND;
  private @Nullable SocketChannel channel;
  private @Nullable ServerSocketChannel listener;
  private @Nullable SocketChannel waiting;
  private @Nullable IOException connectFailure;
  private @Nullable Connection connection;

  /** What the guest has set. */
  private final Set<SocketOption<?>> chosen = new LinkedHashSet<>();

  private TcpSocket(Sockets owner, Family family) {
    this.owner = owner;
    this.family = family;
  }

  static TcpSocket create(Sockets owner, Family family) throws NetworkException {
    owner.checkAny();
    TcpSocket socket = new TcpSocket(owner, family);
    owner.add(socket);
    return socket;
  }

  Family family() {
    return family;
  }

  boolean isListening() {
    return state == State.LISTENING;
  }

  private void require(State wanted) throws NetworkException {
    if (state != wanted) {
      throw ErrorCode.INVALID_STATE.failure();
    }
  }

  private void finish(State running, State next) throws NetworkException {
    if (state != running) {
      throw ErrorCode.NOT_IN_PROGRESS.failure();
    }
    state = next;
  }

  void startBind(InetSocketAddress local) throws NetworkException {
    require(State.UNBOUND);
    family.checkUnicast(local);
    try {
      if (owner.mayListen(local)) {
        ServerSocketChannel made = owner.keep(ServerSocketChannel.open(family.java()));
        listener = made;
        made.configureBlocking(false);
        var _ = made.bind(local);
      } else if (owner.mayBindAnywhere(local)) {
        var _ = outgoing().bind(local);
      } else {
        throw ErrorCode.ACCESS_DENIED.failure();
      }
    } catch (IOException e) {
      closeChannels();
      throw ErrorCode.known(e);
    }
    state = State.BINDING;
  }

  void finishBind() throws NetworkException {
    finish(State.BINDING, State.BOUND);
  }

  /** The channel that is no listener, made if there is none yet. */
  private SocketChannel outgoing() throws IOException {
    SocketChannel made = channel;
    if (made == null) {
      made = owner.keep(SocketChannel.open(family.java()));
      channel = made;
      made.configureBlocking(false);
    }
    return made;
  }

  void startConnect(InetSocketAddress remote) throws NetworkException {
    if (state != State.UNBOUND && state != State.BOUND) {
      throw ErrorCode.INVALID_STATE.failure();
    }
    family.checkUnicast(remote);
    family.checkRemote(remote);
    owner.checkReach(remote);
    try {
      var _ = leaving().connect(remote);
    } catch (IOException e) {
      connectFailure = e;
    }
    state = State.CONNECTING;
  }

  /** The channel to connect, from the address that was bound, perhaps as if to listen. */
  private SocketChannel leaving() throws IOException {
    ServerSocketChannel bound = listener;
    SocketChannel made = outgoing();
    if (bound != null) {
      InetSocketAddress from = (InetSocketAddress) bound.getLocalAddress();
      owner.close(bound);
      listener = null;
      var _ = made.bind(from);
    }
    return made;
  }

  /** Both streams of the connection. */
  Object[] finishConnect() throws NetworkException {
    if (state != State.CONNECTING) {
      throw ErrorCode.NOT_IN_PROGRESS.failure();
    }
    if (!connectEnded()) {
      throw ErrorCode.WOULD_BLOCK.failure();
    }
    SocketChannel connected = channel;
    if (connectFailure != null || connected == null) {
      state = State.FAILED;
      closeChannels();
      throw connectFailure == null ? ErrorCode.UNKNOWN.failure() : ErrorCode.known(connectFailure);
    }
    state = State.CONNECTED;
    Connection made = new Connection(connected, owner);
    connection = made;
    return streams(made);
  }

  private static Object[] streams(Connection of) {
    return new Object[] {new GuestInput(of.input()), new GuestOutput(of.output())};
  }

  private boolean connectEnded() {
    if (connectFailure != null || channel == null || channel.isConnected()) {
      return true;
    }
    try {
      return channel.finishConnect();
    } catch (IOException e) {
      connectFailure = e;
      return true;
    }
  }

  void startListen() throws NetworkException {
    require(State.BOUND);
    if (listener == null) {
      throw ErrorCode.ACCESS_DENIED.failure();
    }
    state = State.STARTING_TO_LISTEN;
  }

  void finishListen() throws NetworkException {
    finish(State.STARTING_TO_LISTEN, State.LISTENING);
  }

  /** Whether a connection waits, which is then held for {@link #accept}. */
  private boolean someoneWaits() {
    ServerSocketChannel from = listener;
    if (waiting == null && from != null) {
      try {
        SocketChannel came = from.accept();
        if (came != null) {
          waiting = owner.keep(came);
          came.configureBlocking(false);
        }
      } catch (IOException e) {
        return true; // the guest learns it from accept
      }
    }
    return waiting != null;
  }

  /** The socket of a connection and its streams. */
  Object[] accept() throws NetworkException {
    TcpSocket socket = acceptConnection();
    Object[] streams = streams(socket.connected());
    return new Object[] {socket, streams[0], streams[1]};
  }

  /** The socket of the connection that has waited longest; WOULD_BLOCK when there is none. */
  TcpSocket acceptConnection() throws NetworkException {
    require(State.LISTENING);
    if (!someoneWaits()) {
      throw ErrorCode.WOULD_BLOCK.failure();
    }
    SocketChannel came = waiting;
    if (came == null) {
      throw ErrorCode.CONNECTION_ABORTED.failure();
    }
    TcpSocket socket = new TcpSocket(owner, family);
    owner.add(socket);
    waiting = null;
    inherit(came);
    socket.chosen.addAll(chosen);
    socket.channel = came;
    socket.state = State.CONNECTED;
    socket.connection = new Connection(came, owner);
    return socket;
  }

  /** Its connection, which it has. */
  Connection connected() {
    return Objects.requireNonNull(connection, "connected");
  }

  Pollable ready() {
    return switch (state) {
      case CONNECTING ->
          channel == null
              ? Pollable.ALWAYS
              : new Readiness(this::connectEnded, channel, SelectionKey.OP_CONNECT);
      case LISTENING ->
          listener == null
              ? Pollable.ALWAYS
              : new Readiness(this::someoneWaits, listener, SelectionKey.OP_ACCEPT);
      case UNBOUND, BINDING, BOUND, STARTING_TO_LISTEN, CONNECTED, FAILED -> Pollable.ALWAYS;
    };
  }

  InetSocketAddress local() throws NetworkException {
    if (state == State.UNBOUND || state == State.BINDING) {
      throw ErrorCode.INVALID_STATE.failure();
    }
    try {
      NetworkChannel bound = listener == null ? channel : listener;
      if (bound == null || !(bound.getLocalAddress() instanceof InetSocketAddress address)) {
        throw ErrorCode.INVALID_STATE.failure();
      }
      return address;
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
  }

  InetSocketAddress remote() throws NetworkException {
    require(State.CONNECTED);
    try {
      if (channel == null || !(channel.getRemoteAddress() instanceof InetSocketAddress address)) {
        throw ErrorCode.INVALID_STATE.failure();
      }
      return address;
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
  }

  /**
   * The channel whose options are meant; made if there is none yet. One that listens has few of
   * them in Java: there it is a channel that is used for nothing else.
   */
  NetworkChannel options() throws NetworkException {
    try {
      return outgoing();
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
  }

  /** For this socket and for those that it accepts. */
  void set(SocketOption<?> option, Object value) throws NetworkException {
    option.set(options(), value);
    chosen.add(option);
  }

  private void inherit(SocketChannel came) throws NetworkException {
    NetworkChannel model = channel;
    if (model == null) {
      return; // nothing was chosen
    }
    try {
      for (SocketOption<?> option : chosen) {
        option.copy(model, came);
      }
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
  }

  void setBacklog(long size) throws NetworkException {
    if (size == 0) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
    if (state == State.CONNECTING || state == State.CONNECTED) {
      throw ErrorCode.INVALID_STATE.failure();
    }
  }

  void shutdown(boolean input, boolean output) throws NetworkException {
    Connection of = connection;
    if (of == null) {
      throw ErrorCode.INVALID_STATE.failure();
    }
    of.shutdown(input, output);
  }

  /** The guest needs it no more; its streams may. */
  void drop() {
    owner.remove(this);
    Connection of = connection;
    if (of == null) {
      closeChannels();
    } else {
      connection = null;
      of.release();
    }
  }

  private void closeChannels() {
    if (channel != null) {
      owner.close(channel);
      channel = null;
    }
    if (listener != null) {
      owner.close(listener);
      listener = null;
    }
    if (waiting != null) {
      owner.close(waiting);
      waiting = null;
    }
  }
}
