package io.wattle.wit.io;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded stream of bytes from one writer to one reader: the same on every call path. The writer
 * is held back when the reader is slow; either end can abort with a reason, which the other end
 * sees as {@link PipeAbortedException}. Blocking calls take a deadline and honour interruption;
 * callbacks tell event loops when to try again.
 */
public final class BytePipe {
  /** The capacity most streams use, in bytes. */
  public static final int DEFAULT_CAPACITY = 64 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int capacity;
  private byte[] ring;
  private int head;
  private int size;
  private boolean closed;
  private @Nullable String aborted;
  private final Callbacks whenReadable = new Callbacks();
  private final Callbacks whenWritable = new Callbacks();
  private final Callbacks whenAborted = new Callbacks();

  /** A pipe that holds {@link #DEFAULT_CAPACITY} bytes. */
  public BytePipe() {
    this(DEFAULT_CAPACITY);
  }

  /** A pipe that holds {@code capacity} bytes at most; memory is taken as needed. */
  public BytePipe(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: >= 1)");
    }
    this.capacity = capacity;
    this.ring = new byte[Math.min(capacity, 1024)];
  }

  /** A pipe that has ended without a byte. */
  public static BytePipe empty() {
    BytePipe pipe = new BytePipe(1);
    pipe.close();
    return pipe;
  }

  /** A pipe that holds exactly these bytes and has ended. */
  public static BytePipe of(byte[] data) {
    if (data.length == 0) {
      return empty();
    }
    BytePipe pipe = new BytePipe(data.length);
    pipe.ring = data.clone();
    pipe.size = data.length;
    pipe.close();
    return pipe;
  }

  /**
   * Writes as much as fits now.
   *
   * @return how many bytes were taken, 0 when the pipe is full
   * @throws PipeAbortedException when either end aborted, or it was closed
   */
  public int tryWrite(byte[] data, int offset, int length) throws PipeAbortedException {
    List<Runnable> callbacks;
    int taken;
    lock.lock();
    try {
      checkWritable();
      taken = put(data, offset, length);
      callbacks = taken > 0 ? whenReadable.take() : List.of();
    } finally {
      lock.unlock();
    }
    callbacks.forEach(Runnable::run);
    return taken;
  }

  /** Writes everything, waiting for room. */
  public void write(byte[] data, int offset, int length, Deadline deadline)
      throws PipeAbortedException, InterruptedException, TimeoutException {
    int done = 0;
    while (done < length) {
      done += tryWrite(data, offset + done, length - done);
      if (done < length) {
        await(deadline, () -> size < capacity, "room in the stream");
      }
    }
  }

  /** Bytes that {@link #tryWrite} would take now. */
  public int writable() throws PipeAbortedException {
    lock.lock();
    try {
      checkWritable();
      return capacity - size;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads what is there, at most {@code length} bytes.
   *
   * @return the number of bytes read, 0 when nothing is there yet, -1 at the end of the stream
   */
  public int tryRead(byte[] into, int offset, int length) throws PipeAbortedException {
    List<Runnable> callbacks;
    int read;
    lock.lock();
    try {
      if (aborted != null) {
        throw new PipeAbortedException(aborted);
      }
      if (size == 0) {
        return closed ? -1 : 0;
      }
      read = get(into, offset, length);
      callbacks = read > 0 ? whenWritable.take() : List.of();
    } finally {
      lock.unlock();
    }
    callbacks.forEach(Runnable::run);
    return read;
  }

  /** Reads at least one byte, waiting for it; -1 at the end of the stream. */
  public int read(byte[] into, int offset, int length, Deadline deadline)
      throws PipeAbortedException, InterruptedException, TimeoutException {
    while (true) {
      int read = tryRead(into, offset, length);
      if (read != 0 || length == 0) {
        return read;
      }
      await(deadline, () -> size > 0 || closed, "data from the stream");
    }
  }

  /** Reads everything to the end, at most {@code limit} bytes. */
  public byte[] readAll(int limit, Deadline deadline)
      throws PipeAbortedException, InterruptedException, TimeoutException {
    var all = new java.io.ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    int n;
    while ((n = read(buffer, 0, buffer.length, deadline)) >= 0) {
      if (all.size() + n > limit) {
        abort("more than " + limit + " bytes");
        throw new PipeAbortedException("more than " + limit + " bytes");
      }
      all.write(buffer, 0, n);
    }
    return all.toByteArray();
  }

  /**
   * Waits until everything is here: the writer is done, and it is no more than {@code limit} bytes.
   *
   * @return false when it is more, when either end aborted, or when the deadline passed
   */
  public boolean awaitWhole(int limit, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && aborted == null && size <= limit) {
        long left = deadline.nanosLeft();
        if (left <= 0) {
          return false;
        }
        changed.awaitNanos(left);
      }
      return closed && aborted == null && size <= limit;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A copy of everything that was not read yet, when the writer is done; it can be read still. Null
   * before, or after an abort.
   */
  public byte @Nullable [] copyWhole() {
    lock.lock();
    try {
      if (!closed || aborted != null) {
        return null;
      }
      byte[] all = new byte[size];
      if (size > 0) {
        int first = Math.min(size, ring.length - head);
        System.arraycopy(ring, head, all, 0, first);
        System.arraycopy(ring, 0, all, first, size - first);
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads everything that is left, if that is all there will be: when the writer is done.
   *
   * @return null, and nothing is read, before that, after an abort, or when it is more than {@code
   *     limit} bytes
   */
  public byte @Nullable [] takeWhole(int limit) {
    lock.lock();
    try {
      if (size > limit) {
        return null;
      }
      byte[] all = copyWhole();
      if (all != null) {
        size = 0;
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that {@link #tryRead} would read now, 0 also at the end. */
  public int buffered() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a read would not wait: data, end or abort. */
  public boolean readable() {
    lock.lock();
    try {
      return size > 0 || closed || aborted != null;
    } finally {
      lock.unlock();
    }
  }

  /** The writer is done. What was written can still be read. Idempotent. */
  public void close() {
    finish(null);
  }

  /**
   * Either end gives up: both see the reason from now on, what was not read is lost. Idempotent.
   */
  public void abort(String reason) {
    finish(reason);
  }

  /** The reason of the abort, or null. */
  public @Nullable String abortReason() {
    lock.lock();
    try {
      return aborted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs {@code callback} once, as soon as a read would not wait; at once if so already. It must
   * not block.
   */
  public void onReadable(Runnable callback) {
    boolean now;
    lock.lock();
    try {
      now = size > 0 || closed || aborted != null;
      if (!now) {
        whenReadable.add(callback);
      }
    } finally {
      lock.unlock();
    }
    if (now) {
      callback.run();
    }
  }

  /**
   * Runs {@code callback} once, as soon as a write would not wait; at once if so already. It must
   * not block.
   */
  public void onWritable(Runnable callback) {
    boolean now;
    lock.lock();
    try {
      now = size < capacity || closed || aborted != null;
      if (!now) {
        whenWritable.add(callback);
      }
    } finally {
      lock.unlock();
    }
    if (now) {
      callback.run();
    }
  }

  /**
   * Runs {@code callback} once, when either end aborts; at once if so already. It must not block.
   */
  public void onAbort(Runnable callback) {
    boolean now;
    lock.lock();
    try {
      now = aborted != null;
      if (!now) {
        whenAborted.add(callback);
      }
    } finally {
      lock.unlock();
    }
    if (now) {
      callback.run();
    }
  }

  private void finish(@Nullable String reason) {
    List<Runnable> aborts = List.of();
    List<Runnable> readers;
    List<Runnable> writers;
    lock.lock();
    try {
      if (aborted != null || (reason == null && closed)) {
        return;
      }
      if (reason == null) {
        closed = true;
      } else {
        aborted = reason;
        size = 0;
        aborts = whenAborted.take();
      }
      changed.signalAll();
      readers = whenReadable.take();
      writers = whenWritable.take();
    } finally {
      lock.unlock();
    }
    aborts.forEach(Runnable::run);
    readers.forEach(Runnable::run);
    writers.forEach(Runnable::run);
  }

  private void checkWritable() throws PipeAbortedException {
    if (aborted != null) {
      throw new PipeAbortedException(aborted);
    }
    if (closed) {
      throw new PipeAbortedException("the stream was closed by its writer");
    }
  }

  private void await(Deadline deadline, java.util.function.BooleanSupplier ready, String what)
      throws InterruptedException, TimeoutException {
    lock.lockInterruptibly();
    try {
      while (!ready.getAsBoolean() && aborted == null) {
        long left = deadline.nanosLeft();
        if (left <= 0) {
          throw new TimeoutException("deadline passed while waiting for " + what);
        }
        changed.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
      }
    } finally {
      lock.unlock();
    }
  }

  private int put(byte[] data, int offset, int length) {
    int n = Math.min(length, capacity - size);
    if (n <= 0) {
      return 0;
    }
    ensure(size + n);
    int tail = (head + size) % ring.length;
    int first = Math.min(n, ring.length - tail);
    System.arraycopy(data, offset, ring, tail, first);
    System.arraycopy(data, offset + first, ring, 0, n - first);
    size += n;
    changed.signalAll();
    return n;
  }

  private int get(byte[] into, int offset, int length) {
    int n = Math.min(length, size);
    int first = Math.min(n, ring.length - head);
    System.arraycopy(ring, head, into, offset, first);
    System.arraycopy(ring, 0, into, offset + first, n - first);
    head = (head + n) % ring.length;
    size -= n;
    changed.signalAll();
    return n;
  }

  private void ensure(int needed) {
    if (needed <= ring.length) {
      return;
    }
    byte[] larger = new byte[Math.min(capacity, Math.max(needed, ring.length * 2))];
    int kept = size;
    int first = Math.min(kept, ring.length - head);
    System.arraycopy(ring, head, larger, 0, first);
    System.arraycopy(ring, 0, larger, first, kept - first);
    ring = larger;
    head = 0;
  }

  /** Who is told once. Most pipes have nobody to tell. Guarded by the lock. */
  private static final class Callbacks {
    private List<Runnable> all = List.of();

    void add(Runnable callback) {
      if (all.isEmpty()) {
        all = new ArrayList<>(1);
      }
      all.add(callback);
    }

    List<Runnable> take() {
      List<Runnable> taken = all;
      all = List.of();
      return taken;
    }
  }
}
