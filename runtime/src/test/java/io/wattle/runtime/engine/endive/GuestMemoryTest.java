package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import run.endive.wasm.types.MemoryLimits;

/** Pages that are shared until written behave as one array of bytes. */
class GuestMemoryTest {
  private static final int SIZE = 2 * 65536;

  /** Random stores, loads, fills and copies, most of them across pages, against a plain array. */
  @ParameterizedTest
  @EnumSource
  void guestsSeeOneArray(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance guest = store.instantiate(Guests.compile(engine, "traps"), CoreImports.NONE);
      ByteBuffer model = ByteBuffer.allocate(65536).order(ByteOrder.LITTLE_ENDIAN);
      Random random = new Random(42);
      for (int i = 0; i < 20_000; i++) {
        int page = random.nextInt(1, 16) * 4096;
        int at = page - 12 + random.nextInt(24);
        if (at > 65536 - 8) {
          continue;
        }
        long value = random.nextLong();
        switch (random.nextInt(9)) {
          case 0 -> {
            Guests.call(guest, "store8", at, value);
            model.put(at, (byte) value);
          }
          case 1 -> {
            Guests.call(guest, "store16", at, value);
            model.putShort(at, (short) value);
          }
          case 2 -> {
            Guests.call(guest, "store32", at, value);
            model.putInt(at, (int) value);
          }
          case 3 -> {
            Guests.call(guest, "store64", at, value);
            model.putLong(at, value);
          }
          case 4 -> {
            int length = random.nextInt(9000);
            if (at + length <= 65536) {
              Guests.call(guest, "fill", at, value, length);
              Arrays.fill(model.array(), at, at + length, (byte) value);
            }
          }
          case 5, 6 -> {
            int length = random.nextInt(9000);
            int from = Math.max(0, at - 5000 + random.nextInt(10000));
            if (Math.max(at, from) + length <= 65536) {
              Guests.call(guest, "copy", at, from, length);
              System.arraycopy(model.array(), from, model.array(), at, length);
            }
          }
          case 7 -> {
            Guests.call(guest, "storef64", at, value);
            model.putLong(at, value);
          }
          default -> {
            Guests.call(guest, "storef32", at, value & 0xffff_ffffL);
            model.putInt(at, (int) value);
          }
        }
        int look = page - 12 + random.nextInt(24);
        if (look > 65536 - 8) {
          continue;
        }
        assertThat((byte) Guests.call(guest, "load8", look)).isEqualTo(model.get(look));
        assertThat((short) Guests.call(guest, "load16", look)).isEqualTo(model.getShort(look));
        assertThat((int) Guests.call(guest, "load32", look)).isEqualTo(model.getInt(look));
        assertThat(Guests.call(guest, "load64", look)).isEqualTo(model.getLong(look));
        assertThat((int) Guests.call(guest, "loadf32", look)).isEqualTo(model.getInt(look));
        assertThat(Guests.call(guest, "loadf64", look)).isEqualTo(model.getLong(look));
      }
    }
  }

  private static GuestMemory memory(MemoryKind kind) {
    Account account =
        new Account(StoreLimits.DEFAULT, new MemoryBudget(100 << 20), new StopSignal(), null);
    return kind.create(new MemoryLimits(2, 10), account, null);
  }

  private static byte[] content(GuestMemory memory) {
    byte[] all = new byte[(int) memory.byteSize()];
    memory.read(0, all, 0, all.length);
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void anImageNeverChanges(MemoryKind kind) {
    GuestMemory memory = memory(kind);
    byte[] text =
        "the quick brown fox".repeat(1000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    memory.write(4000, text, 0, text.length);
    byte[] before = content(memory);
    memory.freeze();
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      for (int i = 0; i < random.nextInt(50); i++) {
        memory.putLong(random.nextInt(SIZE - 8), random.nextLong());
      }
      if (memory instanceof ArrayMemory array && round % 2 == 0) {
        int length = random.nextInt(20_000);
        array.move(random.nextInt(SIZE - length), random.nextInt(SIZE - length), length);
        length = random.nextInt(5_000);
        array.set(random.nextInt(SIZE - length), (byte) random.nextInt(), length);
        array.set(SIZE, (byte) 1, 0);
      }
      if (random.nextBoolean()) {
        memory.grow(random.nextInt(4));
        memory.putInt((int) memory.byteSize() - 4, -1);
      }
      memory.reset();
      assertThat(memory.byteSize()).isEqualTo(SIZE);
      assertThat(kind != MemoryKind.PAGED || memory.privateBytes() == 0).isTrue();
      assertThat(content(memory)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pagesGrownAgainAfterAResetAreZero(MemoryKind kind) {
    GuestMemory memory = memory(kind);
    memory.freeze();
    for (int i = 0; i < 3; i++) {
      assertThat(memory.grow(3)).isEqualTo(2);
      byte[] grown = new byte[3 * 65536];
      memory.read(SIZE, grown, 0, grown.length);
      assertThat(grown).containsOnly(0);
      Arrays.fill(grown, (byte) 7);
      memory.write(SIZE, grown, 0, grown.length);
      memory.reset();
    }
  }

  @Test
  void readingMakesNoPagePrivate() {
    GuestMemory memory = memory(MemoryKind.PAGED);
    memory.freeze();
    content(memory);
    memory.fill((byte) 0, 0, SIZE);
    assertThat(memory.privateBytes()).isZero();
    memory.putByte(5000, (byte) 1);
    assertThat(memory.privateBytes()).isEqualTo(4096);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAGED")
  void aFlatMemoryCountsAllOfItsBytesAndGrowsWhileThereAreSome(MemoryKind kind) {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    Account account = new Account(StoreLimits.DEFAULT, budget, new StopSignal(), null);
    GuestMemory memory = kind.create(new MemoryLimits(2, 100), account, null);
    assertThat(budget.used()).isEqualTo(SIZE);
    memory.putLong(SIZE - 8, 42);
    assertThat(memory.grow(4)).isEqualTo(2);
    assertThat(memory.getLong(SIZE - 8)).isEqualTo(42);
    assertThat(memory.getLong(3 * SIZE - 8)).isZero();
    assertThatThrownBy(() -> memory.getLong(3 * SIZE - 7)).isInstanceOf(TrapException.class);
    assertThatThrownBy(() -> memory.putLong(3 * SIZE - 4, -1)).isInstanceOf(TrapException.class);
    assertThat(memory.getInt(3 * SIZE - 4)).isZero();
    assertThat(memory.grow(20)).isEqualTo(-1);
    assertThat(memory.grow(0)).isEqualTo(6);
    int grown = 6;
    while (memory.grow(1) == grown) {
      grown++;
      memory.putInt(grown * 65536 - 4, grown);
    }
    assertThat(budget.used()).isEqualTo(memory.privateBytes()).isLessThanOrEqualTo(1 << 20);
    assertThat(memory.getInt(grown * 65536 - 4)).isEqualTo(grown);
    assertThat(memory.getLong(SIZE - 8)).isEqualTo(42);
    account.close();
    assertThat(budget.used()).isZero();
  }

  /**
   * What generated code calls traps exactly where base and offset, both unsigned, lead over the
   * end: with an array as long as the memory, and with a longer one.
   */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAGED")
  void accessesOfGeneratedCodeEndWhereTheMemoryEnds(MemoryKind kind) {
    GuestMemory memory = memory(kind);
    for (int grow : new int[] {0, 1, 0}) {
      assertThat(memory.grow(grow)).isPositive();
      long end = memory.byteSize();
      long[] offsets = {0, 1, 7, 4096, end - 4, end, 0x7fff_ffffL, 0x8000_0000L, 0xffff_fff8L};
      for (long offset : offsets) {
        for (long sum = -9; sum <= 9; sum++) {
          for (long base : new long[] {end + sum, end + sum - offset, sum, -offset + sum}) {
            endsAtTheEnd(kind, memory, (int) base, (int) offset);
          }
        }
      }
      for (int length : new int[] {0, 1, 9, 16 << 10, (16 << 10) + 1, -1, Integer.MIN_VALUE}) {
        for (int sum = -1; sum <= 1; sum++) {
          for (int at : new int[] {(int) end - length + sum, sum, Integer.MIN_VALUE + sum}) {
            rangesEndAtTheEnd(kind == MemoryKind.FLAT, memory, at, length);
          }
        }
      }
      memory.freeze();
      assertThat(memory.grow(1)).isPositive();
      memory.reset();
    }
  }

  private static void rangesEndAtTheEnd(boolean isFlat, GuestMemory memory, int at, int length) {
    List<Runnable> ways =
        isFlat
            ? List.of(
                () -> FlatSupport.memoryCopy(at, 0, length, memory),
                () -> FlatSupport.memoryCopy(0, at, length, memory),
                () -> FlatSupport.memoryFill(at, (byte) 0, length, memory))
            : List.of(
                () -> MarkedSupport.memoryCopy(at, 0, length, memory),
                () -> MarkedSupport.memoryCopy(0, at, length, memory),
                () -> MarkedSupport.memoryFill(at, (byte) 0, length, memory));
    for (Runnable way : ways) {
      if (Integer.toUnsignedLong(at) + Integer.toUnsignedLong(length) <= memory.byteSize()) {
        way.run();
      } else {
        assertThatThrownBy(way::run)
            .as("%08x bytes at %08x", length, at)
            .isInstanceOf(TrapException.class)
            .hasMessage("out of bounds memory access");
      }
    }
  }

  private static void endsAtTheEnd(MemoryKind kind, GuestMemory memory, int base, int offset) {
    long left = memory.byteSize() - Integer.toUnsignedLong(base) - Integer.toUnsignedLong(offset);
    boolean isFlat = kind == MemoryKind.FLAT;
    for (int size : new int[] {1, 2, 4, 8}) {
      Runnable load = () -> load(isFlat, size, base, offset, memory);
      Runnable store = () -> store(isFlat, size, base, offset, memory);
      for (Runnable access : List.of(load, store)) {
        if (size <= left) {
          access.run();
        } else {
          assertThatThrownBy(access::run)
              .as("%s bytes at %08x + %08x", size, base, offset)
              .isInstanceOf(TrapException.class)
              .hasMessage("out of bounds memory access");
        }
      }
    }
  }

  private static void load(boolean isFlat, int size, int base, int offset, GuestMemory from) {
    long read =
        switch (size) {
          case 1 ->
              isFlat
                  ? FlatSupport.memoryReadByte(base, offset, from)
                  : MarkedSupport.memoryReadByte(base, offset, from);
          case 2 ->
              isFlat
                  ? FlatSupport.memoryReadShort(base, offset, from)
                  : MarkedSupport.memoryReadShort(base, offset, from);
          case 4 ->
              isFlat
                  ? FlatSupport.memoryReadInt(base, offset, from)
                  : MarkedSupport.memoryReadInt(base, offset, from);
          default ->
              isFlat
                  ? FlatSupport.memoryReadLong(base, offset, from)
                  : MarkedSupport.memoryReadLong(base, offset, from);
        };
    assertThat(read).isZero();
  }

  private static void store(boolean isFlat, int size, int base, int offset, GuestMemory to) {
    switch (size) {
      case 1 -> {
        if (isFlat) {
          FlatSupport.memoryWriteByte(base, (byte) 0, offset, to);
        } else {
          MarkedSupport.memoryWriteByte(base, (byte) 0, offset, to);
        }
      }
      case 2 -> {
        if (isFlat) {
          FlatSupport.memoryWriteShort(base, (short) 0, offset, to);
        } else {
          MarkedSupport.memoryWriteShort(base, (short) 0, offset, to);
        }
      }
      case 4 -> {
        if (isFlat) {
          FlatSupport.memoryWriteInt(base, 0, offset, to);
        } else {
          MarkedSupport.memoryWriteInt(base, 0, offset, to);
        }
      }
      default -> {
        if (isFlat) {
          FlatSupport.memoryWriteLong(base, 0, offset, to);
        } else {
          MarkedSupport.memoryWriteLong(base, 0, offset, to);
        }
      }
    }
  }

  /** What was stored across pages, at every distance from the border, is restored on both sides. */
  @Test
  void aResetOfAMarkedMemoryRestoresBothSidesOfABorder() {
    GuestMemory memory = memory(MemoryKind.MARKED);
    byte[] text = new byte[SIZE];
    new Random(7).nextBytes(text);
    memory.write(0, text, 0, text.length);
    memory.freeze();
    for (int from = 4096 - 8; from <= 4096; from++) {
      memory.putLong(from, ~memory.getLong(from));
      memory.putInt(8192 + from, ~memory.getInt(8192 + from));
      memory.putShort(16384 + from, (short) ~memory.getShort(16384 + from));
      memory.putByte(32768 + from, (byte) ~memory.getByte(32768 + from));
      memory.putLong(SIZE - 8, 0);
      assertThat(content(memory)).isNotEqualTo(text);
      memory.reset();
      assertThat(content(memory)).isEqualTo(text);
      memory.putLong(from, ~memory.getLong(from));
      GuestMemory.Image after = memory.freeze();
      assertThat(after.privateBytes()).isLessThanOrEqualTo(3 * 4096);
      memory.write(0, text, 0, text.length);
      memory.freeze();
    }
  }

  @Test
  void anArrayThatGrewFarTooLongIsShorterAfterAReset() {
    MemoryBudget budget = new MemoryBudget(100 << 20);
    Account account = new Account(StoreLimits.DEFAULT, budget, new StopSignal(), null);
    GuestMemory memory = MemoryKind.MARKED.create(new MemoryLimits(2, 1000), account, null);
    memory.putLong(SIZE - 8, 42);
    memory.freeze();
    long before = memory.privateBytes();
    assertThat(memory.grow(10)).isEqualTo(2);
    memory.putLong(12 * 65536 - 8, 1);
    memory.reset();
    assertThat(memory.privateBytes()).isEqualTo(12 * 65536);
    assertThat(memory.grow(200)).isEqualTo(2);
    assertThat(memory.getLong(12 * 65536 - 8)).isZero();
    memory.putLong(SIZE - 8, 1);
    memory.reset();
    assertThat(memory.privateBytes()).isEqualTo(before);
    assertThat(memory.getLong(SIZE - 8)).isEqualTo(42);
    account.close();
    assertThat(budget.used()).isEqualTo(4096);
  }
}
