package io.wattle.runtime.engine.endive;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * What the objects of a store's guests take of its memory limit. They live on Java's heap, and Java
 * says when they are gone: each refers to the chunk that it was charged to, so that a chunk is gone
 * when all its objects are, and its charge is given back. That is looked for whenever Java has
 * collected. Where the limit is reached Java is made to, as often as {@link HostCollector} allows.
 */
final class ObjectHeap {
  /**
   * Bytes of a chunk. One object that lives keeps a chunk's charge: small ones cost less so, large
   * ones less of Java's time.
   */
  private static final int CHUNK = 4096;

  /** An object from which on it is a chunk by itself. */
  private static final int LARGE = CHUNK / 2;

  /** No region is so small that this would be half of one. */
  private static final int FEW = 1 << 18;

  /** What a chunk itself takes here. */
  private static final int CHUNK_BYTES = 96;

  /** Frames that a collection and what is around it may need. */
  private static final int STACK = 200;

  /** Only whether something refers to it matters. */
  static final class Chunk {}

  private static final class Held extends WeakReference<Chunk> {
    private final long bytes;

    Held(Chunk chunk, long bytes) {
      super(chunk);
      this.bytes = bytes;
    }
  }

  /** Java's usual collector gives arrays from half a region on whole regions. */
  private static final class Regions {
    private static final long SIZE = size();

    private static long size() {
      HotSpotDiagnosticMXBean options =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return options == null || !Boolean.parseBoolean(options.getVMOption("UseG1GC").getValue())
          ? 0
          : Long.parseLong(options.getVMOption("G1HeapRegionSize").getValue());
    }

    static long rounded(long bytes) {
      if (bytes < FEW) {
        return bytes;
      }
      return SIZE == 0 || bytes < SIZE / 2 ? bytes : Math.ceilDiv(bytes, SIZE) * SIZE;
    }
  }

  private final Account account;
  private final HostCollector collector;
  private Held[] held = new Held[16];
  private int count;
  private Chunk current = new Chunk();
  private long left;

  /** Gone as soon as Java has collected at all. */
  private WeakReference<Object> young = new WeakReference<>(new Object());

  ObjectHeap(Account account, HostCollector collector) {
    this.account = account;
    this.collector = collector;
  }

  /**
   * Charges an object that is about to be made.
   *
   * @return what it must refer to
   */
  Chunk charge(long bytes) {
    if (bytes <= left) {
      left -= bytes;
      return current;
    }
    return more(bytes);
  }

  private Chunk more(long bytes) {
    var _ = Account.probeStack(STACK);
    if (young.refersTo(null)) {
      sweep();
    }
    boolean isLarge = bytes > LARGE;
    long size = CHUNK_BYTES + (isLarge ? Regions.rounded(bytes) : CHUNK);
    take(size);
    if (count == held.length) {
      held = Arrays.copyOf(held, 2 * count);
    }
    Chunk chunk = new Chunk();
    held[count++] = new Held(chunk, size);
    if (!isLarge) {
      current = chunk;
      left = CHUNK - bytes;
    }
    return chunk;
  }

  private void take(long bytes) {
    if (account.growObjects(bytes)) {
      return;
    }
    account.requirePossible(bytes);
    if (!makeRoom(() -> account.growObjects(bytes))) {
      throw account.noRoom(bytes);
    }
  }

  /** Tries something until it works: after it was looked what is gone, then after a collection. */
  boolean makeRoom(BooleanSupplier attempt) {
    if (count == 0) {
      return false;
    }
    var _ = Account.probeStack(STACK);
    sweep();
    if (attempt.getAsBoolean()) {
      return true;
    }
    collector.collect(account.signal());
    sweep();
    return attempt.getAsBoolean();
  }

  private void sweep() {
    young = new WeakReference<>(new Object());
    long freed = 0;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      Held each = held[i];
      if (each.refersTo(null)) {
        freed += each.bytes;
      } else {
        held[kept++] = each;
      }
    }
    Arrays.fill(held, kept, count, null);
    count = kept;
    account.shrinkObjects(freed);
  }
}
