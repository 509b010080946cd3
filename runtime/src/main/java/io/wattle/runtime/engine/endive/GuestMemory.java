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
 *
 * <p>Or <em>flat</em>: one array of its own, all of it taken from the budget at once, in which an
 * access costs a comparison and the load ({@link io.wattle.runtime.engine.EngineOptions.Memory}).
 * All memories of an engine are of one kind, because the code made for it is: what generated code
 * calls is named {@code load} and {@code store} for pages, {@code flatLoad} and {@code flatStore};
 * what serves both asks first.
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

  /** The longest array that a flat memory may be. */
  private static final long MAX_FLAT = (long) Integer.MAX_VALUE + 1 - PAGE_SIZE;

  private static final byte[] ZERO = new byte[PAGE];
  private static final byte[] NO_BYTES = {};
  private static final byte[] @Nullable [] NO_PAGES = {};
  private static final byte[][] NO_PAGES_SEEN = {};
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private final MemoryLimits limits;
  private final Account account;
  private byte[] @Nullable [] own;
  private byte[][] seen;
  private final boolean isFlat;

  /** Where the memory is flat; longer than it, so that it can grow. */
  private byte[] flat = NO_BYTES;

  /** The memory's length where it is flat. */
  private long flatEnd;

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
  GuestMemory(MemoryLimits limits, Account account, boolean isFlat) {
    this(limits, account, isFlat, zeros(limits.initialPages()));
  }

  /** A memory with the content of a snapshot. */
  GuestMemory(MemoryLimits limits, Account account, boolean isFlat, Image image) {
    super(account.signal());
    long bytes = (long) image.largePages * PAGE_SIZE;
    account.admitMemory(bytes, isFlat ? bytes : (long) image.largePages * TABLE_BYTES);
    this.limits = limits;
    this.account = account;
    this.isFlat = isFlat;
    golden = image;
    largePages = image.largePages;
    if (isFlat) {
      if (bytes > MAX_FLAT) {
        throw new TrapException(
            Kind.LIMIT, "linear memory: " + bytes + " bytes (expected: < 2 GiB, being flat)");
      }
      flat = new byte[(int) bytes];
      flatEnd = bytes;
      seen = NO_PAGES_SEEN;
      own = NO_PAGES;
      restore();
    } else {
      seen = image.pages.clone();
      own = new byte[seen.length][];
    }
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
    if (isFlat) {
      return freezeFlat();
    }
    long bytes = (long) dirtyCount * PAGE;
    golden = new Image(seen.clone(), largePages, bytes);
    own = new byte[seen.length][];
    dirtyCount = 0;
    account.handOver(bytes);
    return golden;
  }

  /** Back to the last image. Private pages are kept for the next run, up to a bound. */
  void reset() {
    if (isFlat) {
      Arrays.fill(flat, golden.pages.length << SHIFT, (int) flatEnd, (byte) 0);
      account.shrinkMemory((long) (largePages - golden.largePages) * PAGE_SIZE, 0);
      largePages = golden.largePages;
      flatEnd = byteSize();
      restore();
      return;
    }
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

  /** Bytes that are this memory's own. */
  long privateBytes() {
    return (long) dirtyCount * PAGE + flat.length;
  }

  // --- where the memory is flat

  private void restore() {
    byte[][] pages = golden.pages;
    for (int page = 0; page < pages.length; page++) {
      System.arraycopy(pages[page], 0, flat, page << SHIFT, PAGE);
    }
  }

  private Image freezeFlat() {
    byte[][] pages = new byte[largePages * SMALL_PER_LARGE][];
    long bytes = 0;
    for (int page = 0; page < pages.length; page++) {
      int at = page << SHIFT;
      if (Arrays.equals(flat, at, at + PAGE, ZERO, 0, PAGE)) {
        pages[page] = ZERO;
      } else {
        account.takePage();
        pages[page] = Arrays.copyOfRange(flat, at, at + PAGE);
        bytes += PAGE;
      }
    }
    golden = new Image(pages, largePages, bytes);
    account.handOver(bytes);
    return golden;
  }

  /** Half as much again, so that growing in small steps does not copy everything each time. */
  private int growFlat(int by, long wanted) {
    long needed = wanted * PAGE_SIZE;
    if (needed > MAX_FLAT) {
      return -1;
    }
    long length = Math.min(Math.max(needed, flat.length + flat.length / 2L), MAX_FLAT);
    long before = flat.length;
    if (needed <= before || !account.growMemory((long) by * PAGE_SIZE, length - before)) {
      length = Math.max(needed, before);
      if (!account.growMemory((long) by * PAGE_SIZE, length - before)) {
        return -1;
      }
    }
    if (length > before) {
      try {
        flat = Arrays.copyOf(flat, (int) length);
      } catch (OutOfMemoryError e) { // the budget is not the heap: no room for both in one piece
        account.shrinkMemory((long) by * PAGE_SIZE, length - before);
        return -1;
      }
    }
    int grown = largePages;
    largePages = (int) wanted;
    flatEnd = needed;
    return grown;
  }

  /** The array that has the byte at this address. */
  private byte[] readable(long at) {
    return isFlat ? flat : seen[(int) (at >>> SHIFT)];
  }

  /** The same, to be written up to the end of the page. */
  private byte[] writable(long at) {
    return isFlat ? flat : writable((int) (at >>> SHIFT));
  }

  /** Where in that array the byte is. */
  private int index(long at) {
    return isFlat ? (int) at : (int) at & MASK;
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
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[][] pages = seen;
    try {
      if (offset <= PAGE - 2) {
        return (short) SHORT.get(pages[page], offset);
      }
      return (short) ((pages[page][MASK] & 0xff) | pages[page + 1][0] << 8);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  int load32(long ea) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[][] pages = seen;
    try {
      if (offset <= PAGE - 4) {
        return (int) INT.get(pages[page], offset);
      }
      int shift = (offset - (PAGE - 4)) * Byte.SIZE;
      return (int) INT.get(pages[page], PAGE - 4) >>> shift
          | (int) INT.get(pages[page + 1], 0) << -shift;
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  long load64(long ea) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[][] pages = seen;
    try {
      if (offset <= PAGE - 8) {
        return (long) LONG.get(pages[page], offset);
      }
      int shift = (offset - (PAGE - 8)) * Byte.SIZE;
      return (long) LONG.get(pages[page], PAGE - 8) >>> shift
          | (long) LONG.get(pages[page + 1], 0) << -shift;
    } catch (ArrayIndexOutOfBoundsException e) {
      throw outOfBounds();
    }
  }

  void store8(long ea, byte value) {
    int page = (int) (ea >>> SHIFT);
    byte[] @Nullable [] pages = own;
    if (page < pages.length) {
      byte[] bytes = pages[page];
      if (bytes != null) {
        bytes[(int) ea & MASK] = value;
        return;
      }
    }
    storeBytes(ea, value, 1);
  }

  void store16(long ea, short value) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[] @Nullable [] pages = own;
    if (page < pages.length && offset <= PAGE - 2) {
      byte[] bytes = pages[page];
      if (bytes != null) {
        SHORT.set(bytes, offset, value);
        return;
      }
    }
    storeBytes(ea, value, 2);
  }

  void store32(long ea, int value) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[] @Nullable [] pages = own;
    if (page < pages.length && offset <= PAGE - 4) {
      byte[] bytes = pages[page];
      if (bytes != null) {
        INT.set(bytes, offset, value);
        return;
      }
    }
    storeBytes(ea, value, 4);
  }

  void store64(long ea, long value) {
    int page = (int) (ea >>> SHIFT);
    int offset = (int) ea & MASK;
    byte[] @Nullable [] pages = own;
    if (page < pages.length && offset <= PAGE - 8) {
      byte[] bytes = pages[page];
      if (bytes != null) {
        LONG.set(bytes, offset, value);
        return;
      }
    }
    storeBytes(ea, value, 8);
  }

  /**
   * A store to a page that is shared yet, to two pages, or out of bounds. The only call that a
   * store makes: HotSpot's compiler gives up registers at each that it sees.
   */
  private void storeBytes(long ea, long value, int count) {
    int first = (int) (ea >>> SHIFT);
    int last = (int) ((ea + count - 1) >>> SHIFT);
    if (last >= own.length) {
      throw outOfBounds();
    }
    byte[] low = writable(first);
    byte[] high = writable(last);
    long rest = value;
    for (int i = 0; i < count; i++) {
      long at = ea + i;
      ((int) (at >>> SHIFT) == first ? low : high)[(int) at & MASK] = (byte) rest;
      rest >>>= Byte.SIZE;
    }
  }

  // --- the same where the memory is flat

  byte flatLoad8(long ea) {
    if (ea >= flatEnd) {
      throw outOfBounds();
    }
    return flat[(int) ea];
  }

  void flatStore8(long ea, byte value) {
    if (ea >= flatEnd) {
      throw outOfBounds();
    }
    flat[(int) ea] = value;
  }

  short flatLoad16(long ea) {
    if (ea > flatEnd - 2) {
      throw outOfBounds();
    }
    return (short) SHORT.get(flat, (int) ea);
  }

  void flatStore16(long ea, short value) {
    if (ea > flatEnd - 2) {
      throw outOfBounds();
    }
    SHORT.set(flat, (int) ea, value);
  }

  int flatLoad32(long ea) {
    if (ea > flatEnd - 4) {
      throw outOfBounds();
    }
    return (int) INT.get(flat, (int) ea);
  }

  void flatStore32(long ea, int value) {
    if (ea > flatEnd - 4) {
      throw outOfBounds();
    }
    INT.set(flat, (int) ea, value);
  }

  long flatLoad64(long ea) {
    if (ea > flatEnd - 8) {
      throw outOfBounds();
    }
    return (long) LONG.get(flat, (int) ea);
  }

  void flatStore64(long ea, long value) {
    if (ea > flatEnd - 8) {
      throw outOfBounds();
    }
    LONG.set(flat, (int) ea, value);
  }

  // --- the same for both kinds

  private byte get8(int address) {
    long ea = unsigned(address);
    return isFlat ? flatLoad8(ea) : load8(ea);
  }

  private void put8(int address, byte value) {
    long ea = unsigned(address);
    if (isFlat) {
      flatStore8(ea, value);
    } else {
      store8(ea, value);
    }
  }

  private short get16(int address) {
    long ea = unsigned(address);
    return isFlat ? flatLoad16(ea) : load16(ea);
  }

  private void put16(int address, short value) {
    long ea = unsigned(address);
    if (isFlat) {
      flatStore16(ea, value);
    } else {
      store16(ea, value);
    }
  }

  private int get32(int address) {
    long ea = unsigned(address);
    return isFlat ? flatLoad32(ea) : load32(ea);
  }

  private void put32(int address, int value) {
    long ea = unsigned(address);
    if (isFlat) {
      flatStore32(ea, value);
    } else {
      store32(ea, value);
    }
  }

  private long get64(int address) {
    long ea = unsigned(address);
    return isFlat ? flatLoad64(ea) : load64(ea);
  }

  private void put64(int address, long value) {
    long ea = unsigned(address);
    if (isFlat) {
      flatStore64(ea, value);
    } else {
      store64(ea, value);
    }
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
      int count = (int) Math.min(left, PAGE - (at & MASK));
      if (value != 0 || isFlat || seen[page] != ZERO) {
        byte[] into = writable(at);
        int from = index(at);
        Arrays.fill(into, from, from + count, value);
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
      byte[] into = to.writable(target);
      System.arraycopy(from.readable(source), from.index(source), into, to.index(target), count);
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
      System.arraycopy(from, offset + done, writable(at), index(at), count);
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
      System.arraycopy(readable(at), index(at), into, offset + done, count);
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
    if (isFlat) {
      return growFlat(by, wanted);
    }
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
    return get8(address);
  }

  @Override
  public short getShort(int address) {
    return get16(address);
  }

  @Override
  public int getInt(int address) {
    return get32(address);
  }

  @Override
  public long getLong(int address) {
    return get64(address);
  }

  @Override
  public void putByte(int address, byte value) {
    put8(address, value);
  }

  @Override
  public void putShort(int address, short value) {
    put16(address, value);
  }

  @Override
  public void putInt(int address, int value) {
    put32(address, value);
  }

  @Override
  public void putLong(int address, long value) {
    put64(address, value);
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
    return get8(address);
  }

  @Override
  public void writeByte(int address, byte value) {
    put8(address, value);
  }

  @Override
  public short readShort(int address) {
    return get16(address);
  }

  @Override
  public long readU16(int address) {
    return get16(address) & 0xffff;
  }

  @Override
  public void writeShort(int address, short value) {
    put16(address, value);
  }

  @Override
  public int readInt(int address) {
    return get32(address);
  }

  @Override
  public void writeI32(int address, int value) {
    put32(address, value);
  }

  @Override
  public long readLong(int address) {
    return get64(address);
  }

  @Override
  public void writeLong(int address, long value) {
    put64(address, value);
  }

  @Override
  public long readF32(int address) {
    return get32(address);
  }

  @Override
  public float readFloat(int address) {
    return Float.intBitsToFloat(get32(address));
  }

  @Override
  public void writeF32(int address, float value) {
    put32(address, Float.floatToRawIntBits(value));
  }

  @Override
  public long readF64(int address) {
    return get64(address);
  }

  @Override
  public double readDouble(int address) {
    return Double.longBitsToDouble(get64(address));
  }

  @Override
  public void writeF64(int address, double value) {
    put64(address, Double.doubleToRawLongBits(value));
  }
}
