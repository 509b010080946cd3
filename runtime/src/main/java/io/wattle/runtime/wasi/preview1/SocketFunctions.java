package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.wasi.io.Waits;
import io.wattle.runtime.wasi.sockets.TcpListener;
import java.io.IOException;
import java.util.Optional;

/** Connections to the addresses that are open from the start on: preview 1 opens no sockets. */
final class SocketFunctions {
  private static final int NONBLOCK = 4;
  private static final int RECEIVE = 1;
  private static final int SEND = 2;

  private SocketFunctions() {}

  static void addTo(Functions to) {
    to.add("sock_accept", "iii", SocketFunctions::accept);
    to.add("sock_recv", "iiiiii", SocketFunctions::receive);
    to.add("sock_send", "iiiii", SocketFunctions::send);
    to.add("sock_shutdown", "ii", SocketFunctions::shutdown);
  }

  private static void accept(Instance me, long[] a)
      throws ErrnoException, IOException, InterruptedException {
    if (!(me.get((int) a[0]) instanceof Open.Listener listening)) {
      throw new ErrnoException(Errno.NOTSOCK);
    }
    Optional<TcpListener.Accepted> accepted = listening.listener.accept();
    while (accepted.isEmpty()) {
      if (listening.nonBlocking) {
        throw new ErrnoException(Errno.AGAIN);
      }
      Waits.of(me).until(listening.listener.ready());
      accepted = listening.listener.accept();
    }
    Open.Connection connection = new Open.Connection(accepted.get());
    connection.nonBlocking = (a[1] & NONBLOCK) != 0;
    me.memory().putInt((int) a[2], me.add(connection));
  }

  private static Open.Connection connection(Instance me, long number) throws ErrnoException {
    if (me.get((int) number) instanceof Open.Connection connection) {
      return connection;
    }
    throw new ErrnoException(Errno.NOTSOCK);
  }

  /** Peeking is not there. */
  private static void receive(Instance me, long[] a)
      throws ErrnoException, IOException, InterruptedException {
    var _ = connection(me, a[0]);
    if ((int) a[3] != 0) {
      throw new ErrnoException(Errno.NOTSUP);
    }
    FileFunctions.read(me, a, (int) a[4], null);
    me.memory().putShort((int) a[5], (short) 0);
  }

  private static void send(Instance me, long[] a)
      throws ErrnoException, IOException, InterruptedException {
    var _ = connection(me, a[0]);
    FileFunctions.write(me, a, (int) a[4], null);
  }

  private static void shutdown(Instance me, long[] a) throws ErrnoException, IOException {
    Open.Connection connection = connection(me, a[0]);
    connection.accepted.shutdown((a[1] & RECEIVE) != 0, (a[1] & SEND) != 0);
  }
}
