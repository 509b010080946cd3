package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.wasi.io.InputSource;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.runtime.wasi.io.SinkClosedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection as two streams. What is read stays in the system until the guest reads it; what
 * it writes goes to the system at once, and a rest that does not fit holds further writes back.
 */
final class Connection {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final Sockets owner;
  private ByteBuffer arrived = NOTHING;
  private ByteBuffer rest = NOTHING;
  private @Nullable IOException failure;
  private boolean ended;
  private boolean writing = true;

  /** What leaves after the guest ended its stream; null when all has left, or there was nothing. */
  private Reactor.@Nullable Rest leaving;

  /** Who uses it: the socket and both streams. */
  private int users = 3;

  Connection(SocketChannel channel, Sockets owner) {
    this.channel = channel;
    this.owner = owner;
  }

  InputSource input() {
    return new InputSource() {
      @Override
      public byte @Nullable [] read(int most) throws IOException {
        look();
        byte[] bytes = new byte[Math.min(most, arrived.remaining())];
        arrived.get(bytes);
        if (bytes.length == 0 && failure != null) {
          throw ErrorCode.known(failure);
        }
        return bytes.length == 0 && ended ? null : bytes;
      }

      @Override
      public boolean readable() {
        return look();
      }

      @Override
      public void onReadable(Runnable callback) {
        Reactor.get().when(channel, SelectionKey.OP_READ, callback);
      }

      @Override
      public void close() {
        release();
      }
    };
  }

  /** Takes what has arrived, if nothing is left of before; whether a read would tell something. */
  private boolean look() {
    if (!arrived.hasRemaining() && !ended && failure == null) {
      ByteBuffer next = ByteBuffer.allocate(OutputSink.UNLIMITED);
      try {
        ended = channel.read(next) < 0;
        arrived = next.position() == 0 ? NOTHING : next.flip();
      } catch (IOException e) {
        failure = e;
      }
    }
    return arrived.hasRemaining() || ended || failure != null;
  }

  OutputSink output() {
    return new OutputSink() {
      @Override
      public int writable() throws IOException {
        return flushed() ? UNLIMITED : 0;
      }

      @Override
      public void write(byte[] data, int offset, int length) throws IOException {
        checkWriting();
        ByteBuffer bytes = ByteBuffer.wrap(data, offset, length);
        try {
          channel.write(bytes);
        } catch (IOException e) {
          throw ErrorCode.known(e);
        }
        rest = bytes;
      }

      @Override
      public boolean flushed() throws IOException {
        checkWriting();
        return writeRest();
      }

      @Override
      public void onWritable(Runnable callback) {
        Reactor.get().when(channel, SelectionKey.OP_WRITE, callback);
      }

      @Override
      public void close() {
        release();
      }
    };
  }

  private void checkWriting() throws SinkClosedException {
    if (!writing) {
      throw new SinkClosedException();
    }
  }

  private boolean writeRest() throws IOException {
    try {
      if (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      rest = NOTHING;
      throw ErrorCode.known(e);
    }
    return !rest.hasRemaining();
  }

  void shutdown(boolean input, boolean output) throws NetworkException {
    try {
      if (input) {
        channel.shutdownInput();
        ended = true;
        arrived = NOTHING;
      }
      if (output && writing) {
        writing = false;
        if (writeRest()) {
          channel.shutdownOutput();
        } else {
          leave();
        }
      }
    } catch (IOException e) {
      throw ErrorCode.known(e);
    }
  }

  private synchronized void leave() {
    leaving = Reactor.get().finish(channel, rest, this::left);
    rest = NOTHING;
  }

  /** On the reactor's thread. */
  private synchronized void left() {
    leaving = null;
    if (users <= 0) {
      owner.close(channel);
      return;
    }
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      // The guest has ended it, and reads what is wrong from its other stream.
    }
  }

  /** One user less; the last one closes, when what was written has left. */
  synchronized void release() {
    users--;
    if (users > 0) {
      return;
    }
    if (rest.hasRemaining() && writing && failure == null) {
      leave();
    }
    if (leaving == null) {
      owner.close(channel);
    } else {
      owner.letGo(channel);
      leaving.abandon();
    }
  }
}
