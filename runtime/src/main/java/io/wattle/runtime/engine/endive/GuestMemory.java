package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.PassiveDataSegment;

/**
 * A linear memory of 4 KiB pages that are shared with a snapshot (or one page of zeros) until they
 * are written. Loads go through {@code seen}, stores through {@code own}, which is null where the
 * page is still shared: the first store to a page takes a private copy, and its bytes from the
 * budget. Effective addresses are 33-bit, as the specification has it (base and offset unsigned).
 */
final class GuestMemory extends Stoppable implements Memory, CoreMemory {
  static final int SHIFT = 12;
  static final int PAGE = 1 << SHIFT;
  private static final int MASK = PAGE - 1;
  private static final int SMALL_PER_LARGE = PAGE_SIZE / PAGE;

  /** Bytes between two looks at the stop signal in bulk operations. */
  private static final int CHUNK = 1 << 20;

  /** What one 64 KiB page costs in page tables: two references for each 4 KiB. */
  private static final int TABLE_BYTES = SMALL_PER_LARGE * 2 * Integer.BYTES;

  /** Private pages kept for the next run after a reset. */
  private static final int MAX_SPARE = 64;

  private static final byte[] ZERO = new byte[PAGE];
  private static final byte[][] NO_PAGES = {};
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private final MemoryLimits limits;
  private final Account account;
  private byte[] @Nullable [] own;
  private byte[][] seen;
  private int largePages;
  private int[] dirty = new int[16];
  private int dirtyCount;
  private byte[] @Nullable [] spare = NO_PAGES;
  private int spareCount;
  private Image golden;
  private DataSegment @Nullable [] segments;

  /** Frozen content: shared by all memories made of it, never written. */
  record Image(byte[][] pages, int largePages, long privateBytes) {}

  /** A new memory full of zeros. */
  GuestMemory(MemoryLimits limits, Account account) {
    this(limits, account, zeros(limits.initialPages()));
  }

  /** A memory with the content of a snapshot. */
  GuestMemory(MemoryLimits limits, Account account, Image image) {
    super(account.signal());
    account.admitMemory((long) image.largePages * PAGE_SIZE, (long) image.largePages * TABLE_BYTES);
    this.limits = limits;
    this.account = account;
    golden = image;
    seen = image.pages.clone();
    own = new byte[seen.length][];
    largePages = image.largePages;
  }

  private static Image zeros(int largePages) {
    byte[][] pages = new byte[largePages * SMALL_PER_LARGE][];
    Arrays.fill(pages, ZERO);
    return new Image(pages, largePages, 0);
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  // --- snapshot and reset

  /** Shares the present content: what is private now becomes the snapshot's. */
  Image freeze() {
    long bytes = (long) dirtyCount * PAGE;
    golden = new Image(seen.clone(), largePages, bytes);
    own = new byte[seen.length][];
    dirtyCount = 0;
    account.handOver(bytes);
    return golden;
  }

  /** Back to the last image. Private pages are kept for the next run, up to a bound. */
  void reset() {
    byte[][] before = golden.pages;
    if (largePages != golden.largePages) {
      account.shrinkMemory(
          (long) (largePages - golden.largePages) * PAGE_SIZE,
          (long) (largePages - golden.largePages) * TABLE_BYTES);
      largePages = golden.largePages;
      seen = Arrays.copyOf(seen, before.length);
      keepDirtyPages();
      own = Arrays.copyOf(own, before.length);
    } else {
      keepDirtyPages();
    }
  }

  private void keepDirtyPages() {
    byte[][] before = golden.pages;
    if (spareCount + dirtyCount > spare.length && spare.length < MAX_SPARE) {
      spare = Arrays.copyOf(spare, Math.min(MAX_SPARE, spareCount + dirtyCount));
    }
    int released = 0;
    for (int i = 0; i < dirtyCount; i++) {
      int page = dirty[i];
      if (spareCount < spare.length) {
        spare[spareCount++] = own[page];
      } else {
        released++;
      }
      own[page] = null;
      if (page < before.length) {
        seen[page] = before[page];
      }
    }
    dirtyCount = 0;
    account.giveBackPages(released);
  }

  /** Bytes of pages that are this memory's own. */
  long privateBytes() {
    return (long) dirtyCount * PAGE;
  }

  // --- the slow path of a store

  private byte[] writable(int page) {
    byte[] mine = own[page];
    return mine != null ? mine : copyPage(page);
  }

  private byte[] copyPage(int page) {
    byte[] shared = seen[page];
    Account.probeStack(8);
    byte[] copy;
    if (spareCount > 0) {
      copy = Objects.requireNonNull(spare[--spareCount]);
      spare[spareCount] = null;
      System.arraycopy(shared, 0, copy, 0, PAGE);
    } else {
      account.takePage();
      copy = shared.clone();
    }
    if (dirtyCount == dirty.length) {
      dirty = Arrays.copyOf(dirty, dirtyCount * 2);
    }
    dirty[dirtyCount++] = page;
    seen[page] = copy;
    own[page] = copy;
    return copy;
  }

  private static TrapException outOfBounds() {
    return new TrapException(Kind.TRAP, "out of bounds memory access");
  }

  // --- loads and stores at effective addresses; what generated code calls

  byte load8(long ea) {
    try {
      return seen[(int) (ea >>> SHIFT)][(int) ea & MASK];
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  short load16(long ea) {
    int offset = (int) ea & MASK;
    if (offset <= PAGE - 2) {
      try {
        return (short) SHORT.get(seen[(int) (ea >>> SHIFT)], offset);
      } catch (ArrayIndexOutOfBoundsException e) {
        throw outOfBounds();
      }
    }
    return (short) ((load8(ea) & 0xff) | load8(ea + 1) << 8);
  }

  int load32(long ea) {
    int offset = (int) ea & MASK;
    if (offset <= PAGE - 4) {
      try {
        return (int) INT.get(seen[(int) (ea >>> SHIFT)], offset);
      } catch (ArrayIndexOutOfBoundsException e) {
        throw outOfBounds();
      }
    }
    return (load16(ea) & 0xffff) | load16(ea + 2) << 16;
  }

  long load64(long ea) {
    int offset = (int) ea & MASK;
    if (offset <= PAGE - 8) {
      try {
        return (long) LONG.get(seen[(int) (ea >>> SHIFT)], offset);
      } catch (ArrayIndexOutOfBoundsException e) {
        throw outOfBounds();
      }
    }
    return (load32(ea) & 0xffff_ffffL) | (long) load32(ea + 4) << 32;
  }

  void store8(long ea, byte value) {
    try {
      writable((int) (ea >>> SHIFT))[(int) ea & MASK] = value;
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  void store16(long ea, short value) {
    int offset = (int) ea & MASK;
    if (offset <= PAGE - 2) {
      try {
        SHORT.set(writable((int) (ea >>> SHIFT)), offset, value);
        return;
      } catch (ArrayIndexOutOfBoundsException e) {
        throw outOfBounds();
      }
    }
    load8(ea + 1);
    store8(ea, (byte) value);
    store8(ea + 1, (byte) (value >>> 8));
  }

  void store32(long ea, int value) {
    int offset = (int) ea & MASK;
    if (offset <= PAGE - 4) {
      try {
        INT.set(writable((int) (ea >>> SHIFT)), offset, value);
        return;
      } catch (ArrayIndexOutOfBoundsException e) {
        throw outOfBounds();
      }
    }
    load8(ea + 3);
    store16(ea, (short) value);
    store16(ea + 2, (short) (value >>> 16));
  }

  void store64(long ea, long value) {
    int offset = (int) ea & MASK;
    if (offset <= PAGE - 8) {
      try {
        LONG.set(writable((int) (ea >>> SHIFT)), offset, value);
        return;
      } catch (ArrayIndexOutOfBoundsException e) {
        throw outOfBounds();
      }
    }
    load8(ea + 7);
    store32(ea, (int) value);
    store32(ea + 4, (int) (value >>> 32));
  }

  // --- bulk operations: checked as a whole first, then in chunks

  private void require(long address, long length) {
    if (address + length > (long) largePages * PAGE_SIZE) {
      throw outOfBounds();
    }
  }

  void fill(long to, byte value, long length) {
    require(to, length);
    long at = to;
    long left = length;
    long untilCheck = CHUNK;
    while (left > 0) {
      int page = (int) (at >>> SHIFT);
      int offset = (int) at & MASK;
      int count = (int) Math.min(left, PAGE - offset);
      if (value != 0 || seen[page] != ZERO) {
        Arrays.fill(writable(page), offset, offset + count, value);
      }
      at += count;
      left -= count;
      untilCheck -= count;
      if (untilCheck <= 0) {
        signal.check();
        untilCheck = CHUNK;
      }
    }
  }

  /** Copies within one memory or between two; overlapping ranges behave as if read first. */
  static void copy(
      GuestMemory to, long toAddress, GuestMemory from, long fromAddress, long length) {
    to.require(toAddress, length);
    from.require(fromAddress, length);
    boolean backwards = to == from && fromAddress < toAddress && toAddress < fromAddress + length;
    long done = 0;
    long untilCheck = CHUNK;
    while (done < length) {
      long left = length - done;
      long target;
      long source;
      int count;
      if (backwards) {
        long targetEnd = toAddress + left;
        long sourceEnd = fromAddress + left;
        count =
            (int)
                Math.min(
                    left, Math.min(((targetEnd - 1) & MASK) + 1, ((sourceEnd - 1) & MASK) + 1));
        target = targetEnd - count;
        source = sourceEnd - count;
      } else {
        target = toAddress + done;
        source = fromAddress + done;
        count = (int) Math.min(left, Math.min(PAGE - (target & MASK), PAGE - (source & MASK)));
      }
      byte[] into = to.writable((int) (target >>> SHIFT));
      System.arraycopy(
          from.seen[(int) (source >>> SHIFT)],
          (int) source & MASK,
          into,
          (int) target & MASK,
          count);
      done += count;
      untilCheck -= count;
      if (untilCheck <= 0) {
        to.signal.check();
        untilCheck = CHUNK;
      }
    }
  }

  void put(long address, byte[] from, int offset, int length) {
    require(address, length);
    long at = address;
    int done = 0;
    while (done < length) {
      int count = (int) Math.min(length - done, PAGE - (at & MASK));
      System.arraycopy(from, offset + done, writable((int) (at >>> SHIFT)), (int) at & MASK, count);
      at += count;
      done += count;
    }
  }

  void take(long address, byte[] into, int offset, int length) {
    require(address, length);
    long at = address;
    int done = 0;
    while (done < length) {
      int count = (int) Math.min(length - done, PAGE - (at & MASK));
      System.arraycopy(seen[(int) (at >>> SHIFT)], (int) at & MASK, into, offset + done, count);
      at += count;
      done += count;
    }
  }

  @Override
  public int grow(int by) {
    long wanted = Integer.toUnsignedLong(by) + largePages;
    if (wanted > maximumPages()) {
      return -1;
    }
    Account.probeStack(8);
    if (!account.growMemory((long) by * PAGE_SIZE, (long) by * TABLE_BYTES)) {
      return -1;
    }
    int before = largePages;
    int small = (int) wanted * SMALL_PER_LARGE;
    byte[] @Nullable [] moreOwn = Arrays.copyOf(own, small);
    byte[][] moreSeen = Arrays.copyOf(seen, small);
    Arrays.fill(moreSeen, seen.length, small, ZERO);
    own = moreOwn;
    seen = moreSeen;
    largePages = (int) wanted;
    return before;
  }

  // --- CoreMemory: what the canonical ABI uses

  @Override
  public CoreExternType.Memory type() {
    Long max =
        limits.maximumPages() >= MemoryLimits.MAX_PAGES ? null : (long) limits.maximumPages();
    return new CoreExternType.Memory(largePages, max, false, false);
  }

  @Override
  public long byteSize() {
    return (long) largePages * PAGE_SIZE;
  }

  private static long unsigned(int address) {
    return Integer.toUnsignedLong(address);
  }

  @Override
  public byte getByte(int address) {
    return load8(unsigned(address));
  }

  @Override
  public short getShort(int address) {
    return load16(unsigned(address));
  }

  @Override
  public int getInt(int address) {
    return load32(unsigned(address));
  }

  @Override
  public long getLong(int address) {
    return load64(unsigned(address));
  }

  @Override
  public void putByte(int address, byte value) {
    store8(unsigned(address), value);
  }

  @Override
  public void putShort(int address, short value) {
    store16(unsigned(address), value);
  }

  @Override
  public void putInt(int address, int value) {
    store32(unsigned(address), value);
  }

  @Override
  public void putLong(int address, long value) {
    store64(unsigned(address), value);
  }

  @Override
  public void read(int address, byte[] into, int offset, int length) {
    take(unsigned(address), into, offset, length);
  }

  @Override
  public void write(int address, byte[] from, int offset, int length) {
    put(unsigned(address), from, offset, length);
  }

  // --- Endive's Memory: what its interpreter and its instances use

  @Override
  public int pages() {
    return largePages;
  }

  @Override
  public int initialPages() {
    return limits.initialPages();
  }

  @Override
  public int maximumPages() {
    return Math.min(limits.maximumPages(), RUNTIME_MAX_PAGES);
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  @SuppressWarnings("removal")
  public Object lock(int address) {
    return this;
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, int expected, long timeout) {
    throw new TrapException(Kind.TRAP, "expected shared memory");
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, long expected, long timeout) {
    throw new TrapException(Kind.TRAP, "expected shared memory");
  }

  @Override
  @SuppressWarnings("removal")
  public int notify(int address, int maxThreads) {
    return 0;
  }

  @Override
  public void initialize(Instance instance, DataSegment[] data) {
    initialize(instance, data, 0);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] data, int memoryIndex) {
    segments = data;
    for (int i = 0; i < data.length; i++) {
      if (data[i] instanceof ActiveDataSegment active && active.index() == memoryIndex) {
        long at =
            Integer.toUnsignedLong(
                (int)
                    ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[
                        0]);
        byte[] bytes = active.data();
        put(at, bytes, 0, bytes.length);
        data[i] = PassiveDataSegment.EMPTY;
        signal.check();
      }
    }
  }

  /** Whose segments the interpreter means next. */
  void useSegments(DataSegment[] data) {
    segments = data;
  }

  @Override
  public void initPassiveSegment(int segment, int to, int offset, int size) {
    init(Objects.requireNonNull(segments)[segment].data(), to, offset, size);
  }

  void init(byte[] bytes, int to, int offset, int size) {
    long from = unsigned(offset);
    long length = unsigned(size);
    require(unsigned(to), length);
    if (from + length > bytes.length) {
      throw outOfBounds();
    }
    put(unsigned(to), bytes, offset, size);
  }

  @Override
  public void drop(int segment) {
    Objects.requireNonNull(segments)[segment] = PassiveDataSegment.EMPTY;
  }

  @Override
  public byte[] readBytes(int address, int length) {
    require(unsigned(address), unsigned(length));
    byte[] into = new byte[length];
    take(unsigned(address), into, 0, length);
    return into;
  }

  @Override
  public void copy(int to, int from, int size) {
    copy(this, unsigned(to), this, unsigned(from), unsigned(size));
  }

  @Override
  public void fill(byte value, int from, int to) {
    fill(unsigned(from), value, unsigned(to - from));
  }

  @Override
  public void zero() {
    // New memories are zero already; Endive asks before it initialises.
  }

  @Override
  public byte read(int address) {
    return load8(unsigned(address));
  }

  @Override
  public void writeByte(int address, byte value) {
    store8(unsigned(address), value);
  }

  @Override
  public short readShort(int address) {
    return load16(unsigned(address));
  }

  @Override
  public long readU16(int address) {
    return load16(unsigned(address)) & 0xffff;
  }

  @Override
  public void writeShort(int address, short value) {
    store16(unsigned(address), value);
  }

  @Override
  public int readInt(int address) {
    return load32(unsigned(address));
  }

  @Override
  public void writeI32(int address, int value) {
    store32(unsigned(address), value);
  }

  @Override
  public long readLong(int address) {
    return load64(unsigned(address));
  }

  @Override
  public void writeLong(int address, long value) {
    store64(unsigned(address), value);
  }

  @Override
  public long readF32(int address) {
    return load32(unsigned(address));
  }

  @Override
  public float readFloat(int address) {
    return Float.intBitsToFloat(load32(unsigned(address)));
  }

  @Override
  public void writeF32(int address, float value) {
    store32(unsigned(address), Float.floatToRawIntBits(value));
  }

  @Override
  public long readF64(int address) {
    return load64(unsigned(address));
  }

  @Override
  public double readDouble(int address) {
    return Double.longBitsToDouble(load64(unsigned(address)));
  }

  @Override
  public void writeF64(int address, double value) {
    store64(unsigned(address), Double.doubleToRawLongBits(value));
  }
}
