package io.wattle.runtime.wasi.sockets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * One thread that knows when channels are ready, for all guests of this process; it reads and
 * writes nothing for them, except what a guest had written before it let go of its socket.
 */
final class Reactor {
  /** How long what was written may take to leave after its socket was dropped. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int MOST_LINGERING = 256;
  private static final long LOOK_MILLIS = 200;

  private static final class Holder {
    private static final Reactor INSTANCE = new Reactor();
  }

  private final Selector selector;
  private final ConcurrentLinkedQueue<Runnable> wanted = new ConcurrentLinkedQueue<>();

  /** Touched by the thread only, like {@code lingering}. */
  private record Waiter(int operation, Runnable callback) {}

  /** Bytes that a guest has written and nobody has taken yet, and what follows them. */
  static final class Rest {
    private final SocketChannel channel;
    private final ByteBuffer bytes;
    private final Runnable last;

    /** When they are given up: {@link System#nanoTime}; 0 for never. */
    private volatile long until;

    private Rest(SocketChannel channel, ByteBuffer bytes, Runnable last) {
      this.channel = channel;
      this.bytes = bytes;
      this.last = last;
    }

    /** Nobody holds the socket any more: it does not linger for ever. */
    void abandon() {
      until = Math.max(1, System.nanoTime() + LINGER_NANOS);
    }
  }

  private final List<Rest> lingering = new ArrayList<>();

  private Reactor() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("guest-sockets").start(this::loop);
  }

  static Reactor get() {
    return Holder.INSTANCE;
  }

  /**
   * Runs {@code callback} once, when the channel is ready for the operation, at once if it is
   * closed. Whoever closes it later has nobody left that waits.
   */
  void when(SelectableChannel channel, int operation, Runnable callback) {
    wanted.add(() -> add(channel, new Waiter(operation, callback)));
    selector.wakeup();
  }

  /**
   * Writes bytes as they are taken, and does {@code last} then, on its own thread; also when they
   * cannot be written.
   */
  Rest finish(SocketChannel channel, ByteBuffer bytes, Runnable last) {
    Rest rest = new Rest(channel, bytes, last);
    wanted.add(
        () -> {
          if (lingering.size() >= MOST_LINGERING) {
            close(channel);
          } else {
            lingering.add(rest);
          }
        });
    selector.wakeup();
    return rest;
  }

  @SuppressWarnings("unchecked")
  private static List<Waiter> waiters(SelectionKey key) {
    return (List<Waiter>) key.attachment();
  }

  private void add(SelectableChannel channel, Waiter waiter) {
    try {
      SelectionKey key = channel.keyFor(selector);
      if (key == null) {
        key = channel.register(selector, 0, new ArrayList<Waiter>(2));
      }
      waiters(key).add(waiter);
      key.interestOpsOr(waiter.operation());
    } catch (ClosedChannelException | CancelledKeyException e) {
      waiter.callback().run();
    }
  }

  private void loop() {
    while (true) {
      try {
        if (lingering.isEmpty()) {
          selector.select(this::ready);
        } else {
          selector.select(this::ready, LOOK_MILLIS);
        }
      } catch (IOException | CancelledKeyException e) {
        // A channel was closed meanwhile; the others are looked at in the next round.
      }
      for (Runnable next = wanted.poll(); next != null; next = wanted.poll()) {
        next.run();
      }
      writeRests();
    }
  }

  private void ready(SelectionKey key) {
    int operations = key.readyOps();
    key.interestOpsAnd(~operations);
    List<Runnable> callbacks = new ArrayList<>(2);
    Iterator<Waiter> waiters = waiters(key).iterator();
    while (waiters.hasNext()) {
      Waiter waiter = waiters.next();
      if ((waiter.operation() & operations) != 0) {
        waiters.remove();
        callbacks.add(waiter.callback());
      }
    }
    callbacks.forEach(Runnable::run);
  }

  private void writeRests() {
    lingering.removeIf(this::isOver);
  }

  private boolean isOver(Rest rest) {
    long until = rest.until;
    boolean over;
    try {
      rest.channel.write(rest.bytes);
      over = !rest.bytes.hasRemaining() || (until != 0 && until - System.nanoTime() < 0);
    } catch (IOException e) {
      over = true;
    }
    if (over) {
      rest.last.run();
    } else {
      awaitRoom(rest.channel);
    }
    return over;
  }

  /** Lets the selector wake up when more can be written; waits once, however often it is asked. */
  private void awaitRoom(SocketChannel channel) {
    SelectionKey key = channel.keyFor(selector);
    if (key == null || !key.isValid() || (key.interestOps() & SelectionKey.OP_WRITE) == 0) {
      add(channel, new Waiter(SelectionKey.OP_WRITE, () -> {}));
    }
  }

  static void close(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // There is nothing left that it could still do.
    }
    Reactor.get().selector.wakeup();
  }
}
