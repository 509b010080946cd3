package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.wasi.io.EventPollable;
import io.wattle.runtime.wasi.io.Pollable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The host's side of the resource {@code udp-socket}. */
final class UdpSocket {
  /** The most bytes a datagram has, and the most datagrams that one call moves. */
  private static final int LARGEST = 65_535;

  private static final int MOST_AT_ONCE = 64;

  private static final int MOST_HEARD = 1024;

  /** What is kept of the datagrams that came before the socket was connected, in bytes. */
  private static final int MOST_KEPT = 256 * 1024;

  private final Sockets owner;
  private final Family family;
  private final DatagramChannel channel;
  private boolean binding;
  private boolean bound;

  /** Whether others may send to it, besides those that it may send to. */
  private boolean listens;

  /** Who has sent to it while it listened, the last ones: those may be answered. */
  private final Set<InetSocketAddress> heard = new LinkedHashSet<>();

  private @Nullable InetSocketAddress connected;

  /** What was received and no guest has got yet. */
  private final ArrayDeque<Datagram> arrived = new ArrayDeque<>();

  private int streams;
  private boolean dropped;

  /** A datagram and who sent it, or is to get it. */
  record Datagram(byte[] data, InetSocketAddress remote) {}

  private UdpSocket(Sockets owner, Family family, DatagramChannel channel) {
    this.owner = owner;
    this.family = family;
    this.channel = channel;
  }

  static UdpSocket create(Sockets owner, Family family) throws NetworkException {
    owner.checkAny();
    try {
      DatagramChannel channel = owner.keep(DatagramChannel.open(family.java()));
      channel.configureBlocking(false);
      UdpSocket socket = new UdpSocket(owner, family, channel);
      try {
        owner.add(socket);
      } catch (NetworkException e) {
        owner.close(channel);
        throw e;
      }
      return socket;
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
  }

  Family family() {
    return family;
  }

  DatagramChannel channel() {
    return channel;
  }

  void startBind(InetSocketAddress local) throws NetworkException {
    if (bound || binding) {
      throw ErrorCode.INVALID_STATE.failure();
    }
    family.check(local);
    bind(local);
    binding = true;
  }

  private void bind(InetSocketAddress local) throws NetworkException {
    listens = owner.mayListen(local);
    if (!listens && !owner.mayBindAnywhere(local)) {
      throw ErrorCode.ACCESS_DENIED.failure();
    }
    try {
      var _ = channel.bind(local);
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
  }

  void finishBind() throws NetworkException {
    if (!binding) {
      throw ErrorCode.NOT_IN_PROGRESS.failure();
    }
    binding = false;
    bound = true;
  }

  /** Both streams; a socket that has been bound to nothing is bound to any address and port. */
  Object[] stream(Optional<InetSocketAddress> remote) throws NetworkException {
    if (streams > 0) {
      throw new TrapException(
          TrapException.Kind.TRAP,
          "udp-socket.stream: the streams of the call before are in use (expected: dropped)");
    }
    if (!bound) {
      throw ErrorCode.INVALID_STATE.failure();
    }
    try {
      if (connected != null) {
        var _ = channel.disconnect();
        connected = null;
      }
      if (remote.isPresent()) {
        family.checkRemote(remote.get());
        owner.checkReach(remote.get());
        takeIn();
        var _ = channel.connect(remote.get());
        connected = remote.get();
        arrived.removeIf(datagram -> !datagram.remote().equals(remote.get()));
      }
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
    streams = 2;
    return new Object[] {new Incoming(), new Outgoing()};
  }

  InetSocketAddress local() throws NetworkException {
    try {
      if (!bound || !(channel.getLocalAddress() instanceof InetSocketAddress address)) {
        throw ErrorCode.INVALID_STATE.failure();
      }
      return address;
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
  }

  InetSocketAddress remote() throws NetworkException {
    if (connected == null) {
      throw ErrorCode.INVALID_STATE.failure();
    }
    return connected;
  }

  void drop() {
    owner.remove(this);
    dropped = true;
    closeUnused();
  }

  /** What waits in the system, which Java throws away when the channel is connected. */
  private void takeIn() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
    while (arrived.stream().mapToInt(d -> d.data().length).sum() < MOST_KEPT
        && arrived.size() < MOST_AT_ONCE
        && take(buffer)) {
      // there may be more
    }
  }

  /** Receives a datagram if there is one; those from strangers are dropped. */
  private boolean take(ByteBuffer buffer) throws IOException {
    for (int strangers = 0; strangers < MOST_AT_ONCE; strangers++) {
      if (!(channel.receive(buffer.clear()) instanceof InetSocketAddress sender)) {
        return false;
      }
      byte[] data = new byte[buffer.flip().remaining()];
      buffer.get(data);
      if (listens || owner.mayReach(sender)) {
        hear(sender);
        arrived.add(new Datagram(data, sender));
        return true;
      }
    }
    return false;
  }

  private void hear(InetSocketAddress sender) {
    if (listens && heard.add(sender) && heard.size() > MOST_HEARD) {
      heard.remove(heard.iterator().next());
    }
  }

  private void streamDropped() {
    streams--;
    closeUnused();
  }

  private void closeUnused() {
    if (dropped && streams == 0) {
      owner.close(channel);
    }
  }

  /** The host's side of {@code incoming-datagram-stream}. */
  final class Incoming {
    /** What the system said when it was looked whether something is there; said once. */
    private @Nullable NetworkException failure;

    List<Datagram> receive(long most) throws NetworkException {
      List<Datagram> received = new ArrayList<>();
      int room = Long.compareUnsigned(most, MOST_AT_ONCE) < 0 ? (int) most : MOST_AT_ONCE;
      while (received.size() < room && look() && !arrived.isEmpty()) {
        received.add(arrived.remove());
      }
      NetworkException failed = failure;
      if (received.isEmpty() && failed != null) {
        failure = null;
        throw failed;
      }
      return received;
    }

    /** Whether a datagram waits for {@link #receive}, or a failure. */
    private boolean look() {
      if (arrived.isEmpty() && failure == null) {
        try {
          return take(ByteBuffer.allocate(LARGEST));
        } catch (IOException e) {
          failure = ErrorCode.known(e);
        }
      }
      return true;
    }

    Pollable ready() {
      return new Readiness(this::look, channel, SelectionKey.OP_READ);
    }

    void drop() {
      streamDropped();
    }
  }

  /** The host's side of {@code outgoing-datagram-stream}. */
  final class Outgoing {
    private int permitted;
    private boolean full;

    long checkSend() {
      permitted = full ? 0 : MOST_AT_ONCE;
      full = false;
      return permitted;
    }

    /** Sends until the system takes no more; the first failure counts only if nothing was sent. */
    long send(List<Addressed> datagrams) throws NetworkException {
      if (datagrams.size() > permitted) {
        throw new TrapException(
            TrapException.Kind.TRAP,
            "outgoing-datagram-stream.send: "
                + datagrams.size()
                + " datagrams (expected: at most "
                + permitted
                + ", what check-send permits)");
      }
      int sent = 0;
      for (Addressed datagram : datagrams) {
        try {
          if (!send(datagram)) {
            full = true;
            break;
          }
        } catch (NetworkException e) {
          if (sent == 0) {
            throw e;
          }
          break;
        }
        sent++;
      }
      permitted -= sent;
      return sent;
    }

    private boolean send(Addressed datagram) throws NetworkException {
      InetSocketAddress to = datagram.remote().orElse(connected);
      if (to == null || (connected != null && !to.equals(connected))) {
        throw ErrorCode.INVALID_ARGUMENT.failure();
      }
      family.checkRemote(to);
      if (!heard.contains(to)) {
        owner.checkReach(to);
      }
      if (datagram.data().length > LARGEST) {
        throw ErrorCode.DATAGRAM_TOO_LARGE.failure();
      }
      try {
        if (datagram.data().length == 0) {
          sendEmpty(to);
          return true;
        }
        return channel.send(ByteBuffer.wrap(datagram.data()), to) > 0;
      } catch (IOException e) {
        throw ErrorCode.known(e);
      }
    }

    /** A channel that is connected does not send what is empty. */
    private void sendEmpty(InetSocketAddress to) throws IOException {
      if (connected == null) {
        var _ = channel.send(ByteBuffer.allocate(0), to);
        return;
      }
      takeIn();
      var _ = channel.disconnect();
      var _ = channel.send(ByteBuffer.allocate(0), to);
      var _ = channel.connect(to);
    }

    /** After the system took no more, ready when it may take some again. */
    Pollable ready() {
      if (!full) {
        return Pollable.ALWAYS;
      }
      CompletableFuture<Void> takesMore = new CompletableFuture<>();
      Reactor.get().when(channel, SelectionKey.OP_WRITE, () -> takesMore.complete(null));
      return EventPollable.of(takesMore);
    }

    void drop() {
      streamDropped();
    }
  }

  /** A datagram to send, perhaps to the address that the socket is connected to. */
  record Addressed(byte[] data, Optional<InetSocketAddress> remote) {}
}
