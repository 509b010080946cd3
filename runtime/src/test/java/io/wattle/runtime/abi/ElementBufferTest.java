package io.wattle.runtime.abi;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.binary.CanonOptions.Encoding;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreMemory;
import io.wattle.wit.type.ValueType;
import io.wattle.wit.type.ValueType.Primitive;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What moves through streams. */
class ElementBufferTest {
  private static final int PAGES = 8;
  private static final int COUNT = 200_000;
  private final Codecs codecs = new Codecs(type -> -1);

  /** Counts the single bytes that are read and written. */
  private static class Memory implements CoreMemory {
    private final ByteBuffer bytes =
        ByteBuffer.allocate(PAGES << 16).order(ByteOrder.LITTLE_ENDIAN);
    private int read;
    private int written;

    int written() {
      return written;
    }

    @Override
    public CoreExternType.Memory type() {
      return new CoreExternType.Memory(PAGES, null, false, false);
    }

    @Override
    public long byteSize() {
      return bytes.capacity();
    }

    @Override
    public byte getByte(int address) {
      read++;
      return bytes.get(address);
    }

    @Override
    public short getShort(int address) {
      return bytes.getShort(address);
    }

    @Override
    public int getInt(int address) {
      return bytes.getInt(address);
    }

    @Override
    public long getLong(int address) {
      return bytes.getLong(address);
    }

    @Override
    public void putByte(int address, byte value) {
      written++;
      bytes.put(address, value);
    }

    @Override
    public void putShort(int address, short value) {
      bytes.putShort(address, value);
    }

    @Override
    public void putInt(int address, int value) {
      bytes.putInt(address, value);
    }

    @Override
    public void putLong(int address, long value) {
      bytes.putLong(address, value);
    }

    @Override
    public void read(int address, byte[] into, int offset, int length) {
      bytes.get(address, into, offset, length);
    }

    @Override
    public void write(int address, byte[] from, int offset, int length) {
      bytes.put(address, from, offset, length);
    }
  }

  private static CallContext context(CoreMemory memory) {
    return new CallContext(
        new InstanceState(0, null, Upkeep.FREE),
        new CallScope(),
        memory,
        null,
        PointerType.I32,
        1L << 20);
  }

  private ElementBuffer buffer(ValueType element, CoreMemory memory, int address) {
    Codec codec = codecs.element(element, new Codecs.Layout(Encoding.UTF8, PointerType.I32));
    return new ElementBuffer(codec, context(memory), address, COUNT);
  }

  /** In between a value takes eight times the room and more: a guest must not choose how much. */
  @Test
  void valuesAreNotAllInBetweenAtOnce() {
    int[] most = {0};
    Memory from = new Memory();
    Memory to =
        new Memory() {
          @Override
          public void putByte(int address, byte value) {
            most[0] = Math.max(most[0], from.read - written());
            super.putByte(address, value);
          }
        };
    ValueType flags = new ValueType.TupleType(List.of(Primitive.BOOL));
    for (int i = 0; i < COUNT; i++) {
      from.bytes.put(i, (byte) (i % 3));
    }
    ElementBuffer source = buffer(flags, from, 0);
    ElementBuffer target = buffer(flags, to, 64);
    ElementBuffer.move(source, target, COUNT);
    assertThat(most[0]).isBetween(1, 10_000);
    assertThat(target.remain()).isZero();
    for (int i = 0; i < COUNT; i++) {
      assertThat(to.bytes.get(64 + i)).isEqualTo((byte) (i % 3 == 0 ? 0 : 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 100_000, 250_000})
  void numbersMayMoveOverThemselves(int targetAt) {
    Memory memory = new Memory();
    new Random(7).nextBytes(memory.bytes.array());
    byte[] expected = new byte[COUNT];
    memory.bytes.get(100, expected);
    ElementBuffer source = buffer(Primitive.U8, memory, 100);
    ElementBuffer target = buffer(Primitive.U8, memory, targetAt);
    ElementBuffer.move(source, target, COUNT);
    byte[] moved = new byte[COUNT];
    memory.bytes.get(targetAt, moved);
    assertThat(moved).isEqualTo(expected);
  }
}
