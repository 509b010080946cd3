package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.wasi.filesystem.Descriptor;
import io.wattle.runtime.wasi.filesystem.Directory;
import io.wattle.runtime.wasi.io.InputSource;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.runtime.wasi.sockets.TcpListener;
import org.jspecify.annotations.Nullable;

/** What a number of the guest's table stands for. */
sealed interface Open {
  /** The guest has closed it. */
  default void close() {}

  /** Standard input. */
  record Input(InputSource source, boolean terminal) implements Open {}

  /** Standard output or error. */
  record Output(OutputSink sink, boolean terminal) implements Open {}

  /** An address that is listened on. */
  final class Listener implements Open {
    final TcpListener listener;

    /** Whether accept answers at once, also when nobody waits. */
    boolean nonBlocking;

    Listener(TcpListener listener) {
      this.listener = listener;
    }

    @Override
    public void close() {
      listener.close();
    }
  }

  /** A connection that was accepted. */
  final class Connection implements Open {
    final TcpListener.Accepted accepted;

    /** Whether reads and writes answer at once, also when nothing can be moved. */
    boolean nonBlocking;

    Connection(TcpListener.Accepted accepted) {
      this.accepted = accepted;
    }

    @Override
    public void close() {
      accepted.close();
    }
  }

  /** A file with the place where the next read or write happens, or a directory. */
  final class Node implements Open {
    final Descriptor descriptor;

    /** The name it was given with, null when the guest has opened it. */
    final @Nullable String preopened;

    long position;
    boolean append;

    /** Kept for the guest, which asks for it: files never make anybody wait. */
    boolean nonBlocking;

    @Nullable Directory listing;

    /** How many entries of the listing the guest has got. */
    long listed;

    /** An entry that did not fit into the guest's buffer any more. */
    Directory.@Nullable Entry next;

    Node(Descriptor descriptor, @Nullable String preopened) {
      this.descriptor = descriptor;
      this.preopened = preopened;
    }

    void endListing() {
      if (listing != null) {
        listing.drop();
        listing = null;
      }
      listed = 0;
      next = null;
    }

    @Override
    public void close() {
      endListing();
      descriptor.drop();
    }
  }
}
