package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.PipeAbortedException;
import io.wattle.wit.value.MalformedValueException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream's bytes, from messages into a pipe. While the pipe is full, messages wait here; a sender
 * that understands credit is told what the pipe has taken and so sends no more than a window ahead,
 * any other is cut off when too much waits.
 */
final class ByteStreamReceiver implements PathReceiver {
  /** What may wait for a slow reader when the sender does not listen to credit. */
  static final int LARGEST_BACKLOG = 16 * 1024 * 1024;

  private final Wire wire;
  private final BytePipe pipe = new BytePipe();
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Message> backlog = new ArrayDeque<>();
  private final ChunkParser parser = new ChunkParser();
  private long waiting;
  private @Nullable Message current;
  private int position;
  private ChunkParser.@Nullable Slice slice;
  private @Nullable String creditSubject;
  private long taken;
  private long told;
  private volatile boolean over;
  private volatile boolean ended;

  ByteStreamReceiver(Wire wire) {
    this.wire = wire;
  }

  @Override
  public AsyncValue value() {
    return new AsyncValue.ByteStream(pipe);
  }

  @Override
  public boolean over() {
    return over || pipe.abortReason() != null;
  }

  @Override
  public boolean ended() {
    return ended || over();
  }

  /** Both ends hear of it, as far as they can. */
  @Override
  public void fail(String reason) {
    lock.lock();
    try {
      if (!over) {
        giveUp(reason);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void message(Message message) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      if (message.getReplyTo() != null && wire.additions()) {
        creditSubject = message.getReplyTo();
      }
      ended |= message.getData().length == 0;
      backlog.add(message);
      waiting += message.getData().length;
      if (waiting > LARGEST_BACKLOG) {
        giveUp("the reader is too slow: " + waiting + " bytes wait for it");
      }
    } finally {
      lock.unlock();
    }
    drain();
  }

  /** Moves bytes until the pipe is full or nothing is left; called again when it has room. */
  private void drain() {
    boolean blocked;
    do {
      lock.lock();
      try {
        blocked = !over && !drainLocked();
      } finally {
        lock.unlock();
      }
      // A callback that runs at once means that there is room again: then go on here.
    } while (blocked && !suspended());
  }

  private boolean suspended() {
    Resume resume = new Resume();
    pipe.onWritable(resume);
    return resume.suspend();
  }

  /** Continues draining, unless it was run while still being registered. */
  private final class Resume implements Runnable {
    private boolean registering = true;
    private boolean ran;

    @Override
    public void run() {
      boolean early;
      synchronized (this) {
        ran = true;
        early = registering;
      }
      if (!early) {
        drain();
      }
    }

    synchronized boolean suspend() {
      registering = false;
      return !ran;
    }
  }

  /** False when the pipe is full. */
  private boolean drainLocked() {
    try {
      while (true) {
        if (slice != null && current != null) {
          if (!write(current.getData(), slice)) {
            return false;
          }
        }
        if (current == null || position >= current.getData().length) {
          finishMessage();
          if (over || !nextMessage()) {
            return true;
          }
        } else {
          ChunkParser.Slice next = parser.next(current.getData(), position);
          position = next.next();
          slice = next;
        }
      }
    } catch (MalformedValueException e) {
      giveUp(String.valueOf(e.getMessage()));
    } catch (PipeAbortedException e) {
      giveUp(String.valueOf(e.getMessage()));
    }
    return true;
  }

  private boolean write(byte[] data, ChunkParser.Slice part) throws PipeAbortedException {
    int done = part.length() == 0 ? 0 : pipe.tryWrite(data, part.offset(), part.length());
    if (done < part.length()) {
      slice = new ChunkParser.Slice(part.offset() + done, part.length() - done, part.next());
      return false;
    }
    slice = null;
    return true;
  }

  private void finishMessage() {
    if (current != null) {
      int length = current.getData().length;
      waiting -= length;
      taken += length;
      current = null;
      tellCredit();
    }
  }

  private boolean nextMessage() {
    Message next = backlog.poll();
    if (next == null) {
      return false;
    }
    if (next.getData().length == 0) {
      end(next);
      return false;
    }
    current = next;
    position = 0;
    return true;
  }

  /** The empty message: the end if the last chunk was seen, else the sender gave up. */
  private void end(Message last) {
    over = true;
    if (parser.ended()) {
      pipe.close();
    } else {
      pipe.abort(
          wire.error(last)
              .map(CallException::getMessage)
              .orElse("the sender ended the stream before its end"));
    }
  }

  private void tellCredit() {
    if (creditSubject != null && taken - told >= StreamSender.WINDOW / 4) {
      told = taken;
      publishCredit(null);
    }
  }

  private void giveUp(String reason) {
    over = true;
    backlog.clear();
    pipe.abort(reason);
    if (creditSubject != null) {
      publishCredit(reason);
    }
  }

  private void publishCredit(@Nullable String reason) {
    try {
      wire.connection()
          .nats()
          .publish(
              creditSubject,
              reason == null ? null : WrpcHeaders.error(CallException.Kind.FAILED, reason),
              Long.toString(taken).getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalStateException e) {
      pipe.abort("the connection to NATS is lost");
    }
  }
}
