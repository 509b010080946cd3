package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.PassiveDataSegment;

/**
 * A linear memory: what it offers to the canonical ABI, to Endive and to bulk instructions,
 * whatever it is made of ({@link MemoryKind}). Effective addresses are 33-bit, as the specification
 * has it (base and offset unsigned).
 */
abstract sealed class GuestMemory extends AccessibleMemory permits ArrayMemory, PagedMemory {
  static final int SHIFT = 12;

  /** Bytes of what snapshots consist of. */
  static final int PAGE = 1 << SHIFT;

  static final int MASK = PAGE - 1;
  static final int SMALL_PER_LARGE = PAGE_SIZE / PAGE;
  static final byte[] ZERO = new byte[PAGE];
  static final VarHandle SHORT = view(short[].class);
  static final VarHandle INT = view(int[].class);
  static final VarHandle LONG = view(long[].class);

  /** Bytes between two looks at the stop signal in bulk operations. */
  private static final int CHUNK = 1 << 20;

  /** More pages than any limit allows. */
  private static final long MANY = 1L << 40;

  final Account account;
  private final MemoryLimits limits;

  /** The present size, in pages of 64 KiB. */
  int largePages;

  /** What a reset goes back to. */
  Image golden;

  private DataSegment @Nullable [] segments;

  /** The stack pointer of the instance that defines this memory, and its table ({@link AtHand}). */
  @Nullable GlobalInstance stackOfOwner;

  @Nullable GuestTable tableOfOwner;

  /** Those that all instances import which import this memory, if they are the same. */
  @Nullable GlobalInstance stackOfAll;

  @Nullable GuestTable tableOfAll;

  /** What it was declared with if its addresses are of 64 bits, to others. */
  private AddressTypes.@Nullable Limits wide;

  private boolean stacksDiffer;
  private boolean tablesDiffer;

  /** Frozen content: shared by all memories made of it, never written. */
  record Image(byte[][] pages, int largePages, long privateBytes) {
    static Image zeros(MemoryLimits limits) {
      byte[][] pages = new byte[limits.initialPages() * SMALL_PER_LARGE][];
      Arrays.fill(pages, ZERO);
      return new Image(pages, limits.initialPages(), 0);
    }
  }

  /**
   * @param tableBytes what it takes of the budget at once for each 64 KiB
   */
  GuestMemory(MemoryLimits limits, Account account, Image image, int tableBytes) {
    super(account.signal());
    account.admitMemory((long) image.largePages * PAGE_SIZE, (long) image.largePages * tableBytes);
    this.limits = limits;
    this.account = account;
    this.golden = image;
    this.largePages = image.largePages;
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Refuses a memory that has more pages than can be addressed here.
   *
   * @param pages unsigned
   */
  static void requirePossible(long pages, Account account) {
    long most = MemoryLimits.MAX_PAGES - 1;
    if (Long.compareUnsigned(pages, most) > 0) {
      account.requireMemory(Long.compareUnsigned(pages, MANY) > 0 ? MANY : pages);
      throw new TrapException(
          Kind.LIMIT,
          "linear memory: "
              + Long.toUnsignedString(pages)
              + " pages (expected: <= "
              + most
              + " in one memory)");
    }
  }

  /** Says to others that its addresses are of 64 bits, before there are any; null for 32. */
  void wide(AddressTypes.@Nullable Limits declared) {
    wide = declared;
  }

  /** Tells what is at hand in an instance with this memory 0, before the instance runs. */
  @SuppressWarnings("ReferenceEquality") // the same ones, not equal ones
  void bind(AtHand atHand, Instance instance) {
    GlobalInstance stack =
        atHand.stackPointer() < 0 ? null : instance.global(atHand.stackPointer());
    GuestTable table = atHand.hasTable() ? (GuestTable) instance.table(0) : null;
    if (!atHand.imported()) {
      stackOfOwner = stack;
      tableOfOwner = table;
      return;
    }
    if (stack != null) {
      stacksDiffer |= stackOfAll != null && stackOfAll != stack;
      stackOfAll = stacksDiffer ? null : stack;
    }
    if (table != null) {
      tablesDiffer |= tableOfAll != null && tableOfAll != table;
      tableOfAll = tablesDiffer ? null : table;
    }
  }

  static TrapException outOfBounds() {
    return new TrapException(Kind.TRAP, "out of bounds memory access");
  }

  // --- what the kinds do in their own ways

  /** Makes a snapshot of the present content, to which resets go back from now on. */
  abstract Image freeze();

  /** Back to the last snapshot. */
  abstract void reset();

  /** Bytes that are this memory's own. */
  abstract long privateBytes();

  /** Grows to as many pages of 64 KiB, if limits and budget allow it. */
  abstract boolean growTo(int wanted);

  /** The array that has the byte at this address, and those up to the end of its 4 KiB. */
  abstract byte[] readable(long at);

  /** The same, to be written. */
  abstract byte[] writable(long at);

  /** Where in that array the byte is. */
  abstract int index(long at);

  /** Whether all of these 4 KiB are zero, as far as can be told without looking. */
  abstract boolean isKnownZero(long at);

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
      int count = (int) Math.min(left, PAGE - (at & MASK));
      if (value != 0 || !isKnownZero(at)) {
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
    int before = largePages;
    if (!growTo((int) wanted)) {
      return -1;
    }
    largePages = (int) wanted;
    return before;
  }

  // --- CoreMemory: what the canonical ABI uses

  @Override
  public CoreExternType.Memory type() {
    AddressTypes.Limits declared = wide;
    if (declared != null) {
      return new CoreExternType.Memory(largePages, declared.max(), false, true);
    }
    Long max =
        limits.maximumPages() >= MemoryLimits.MAX_PAGES ? null : (long) limits.maximumPages();
    return new CoreExternType.Memory(largePages, max, false, false);
  }

  @Override
  public long byteSize() {
    return (long) largePages * PAGE_SIZE;
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
  public void initialize(Instance instance, DataSegment[] data) {
    initialize(instance, data, 0);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] data, int memoryIndex) {
    segments = data;
    for (int i = 0; i < data.length; i++) {
      if (data[i] instanceof ActiveDataSegment active && active.index() == memoryIndex) {
        byte[] bytes = active.data();
        put(offset(instance, active, i), bytes, 0, bytes.length);
        data[i] = PassiveDataSegment.EMPTY;
        signal.check();
      }
    }
  }

  private static long offset(Instance instance, ActiveDataSegment segment, int index) {
    Map<Integer, List<Instruction>> known =
        GuestSupport.owner(instance).module.addressTypes.dataOffsets();
    List<Instruction> computed = known.get(index);
    if (computed == null) {
      return unsigned(
          (int) ConstantEvaluators.computeConstantValue(instance, segment.offsetInstructions())[0]);
    }
    return unsigned(
        NarrowCode.saturated(ConstantEvaluators.computeConstantValue(instance, computed)[0]));
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
}
