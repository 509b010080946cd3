package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.type.ValueType.Primitive;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.List;

/** Numbers, bool and char: one core value each. */
final class PrimitiveCodec extends Codec {
  private final Primitive type;

  PrimitiveCodec(Primitive type) {
    super(bytes(type), bytes(type), List.of(core(type)), false);
    this.type = type;
  }

  /** Whether all bits that fit are a value: a number. */
  boolean anyBits() {
    return switch (type) {
      case S8, U8, S16, U16, S32, U32, S64, U64, F32, F64 -> true;
      case BOOL, CHAR, STRING, ERROR_CONTEXT -> false;
    };
  }

  private static int bytes(Primitive type) {
    return switch (type) {
      case BOOL, S8, U8 -> 1;
      case S16, U16 -> 2;
      case S32, U32, F32, CHAR -> 4;
      case S64, U64, F64 -> 8;
      case STRING, ERROR_CONTEXT -> throw new AssertionError(type);
    };
  }

  private static CoreValueType core(Primitive type) {
    return switch (type) {
      case S64, U64 -> CoreValueType.I64;
      case F32 -> CoreValueType.F32;
      case F64 -> CoreValueType.F64;
      case BOOL, S8, U8, S16, U16, S32, U32, CHAR, STRING, ERROR_CONTEXT -> CoreValueType.I32;
    };
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    CoreMemory memory = from.memory();
    long value =
        switch (size) {
          case 1 -> memory.getByte(address);
          case 2 -> memory.getShort(address);
          case 4 -> memory.getInt(address);
          default -> memory.getLong(address);
        };
    write(value, to);
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    write(values[at], to);
  }

  /** Hands over a value of which the low {@code size} bytes count. */
  void write(long value, ValueSink to) {
    int low = (int) value;
    switch (type) {
      // In memory only the byte counts, as core value the whole of it: both are "not zero".
      case BOOL -> to.bool(low != 0);
      case S8 -> to.s8((byte) low);
      case U8 -> to.u8(low & 0xff);
      case S16 -> to.s16((short) low);
      case U16 -> to.u16(low & 0xffff);
      case S32 -> to.s32(low);
      case U32 -> to.u32(low);
      case S64 -> to.s64(value);
      case U64 -> to.u64(value);
      case F32 -> to.f32(canonical(Float.intBitsToFloat(low)));
      case F64 -> to.f64(canonical(Double.longBitsToDouble(value)));
      case CHAR -> to.character(checkedChar(low));
      case STRING, ERROR_CONTEXT -> throw new AssertionError(type);
    }
  }

  private static float canonical(float value) {
    return Float.isNaN(value) ? Float.NaN : value;
  }

  private static double canonical(double value) {
    return Double.isNaN(value) ? Double.NaN : value;
  }

  private static int checkedChar(int codePoint) {
    if (codePoint < 0 || codePoint >= 0x110000 || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
      throw Traps.trap(
          "invalid char: 0x"
              + Integer.toHexString(codePoint)
              + " (expected: a Unicode scalar value)");
    }
    return codePoint;
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    long value = read(from);
    CoreMemory memory = to.memory();
    switch (size) {
      case 1 -> memory.putByte(address, (byte) value);
      case 2 -> memory.putShort(address, (short) value);
      case 4 -> memory.putInt(address, (int) value);
      default -> memory.putLong(address, value);
    }
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    values[at] = read(from);
  }

  /** The value as bits; 32-bit ones are zero-extended. */
  long read(ValueSource from) {
    return switch (type) {
      case BOOL -> from.bool() ? 1 : 0;
      case S8 -> from.s8() & 0xffffffffL;
      case U8 -> from.u8() & 0xffL;
      case S16 -> from.s16() & 0xffffffffL;
      case U16 -> from.u16() & 0xffffL;
      case S32 -> from.s32() & 0xffffffffL;
      case U32 -> from.u32() & 0xffffffffL;
      case S64 -> from.s64();
      case U64 -> from.u64();
      case F32 -> Float.floatToIntBits(from.f32()) & 0xffffffffL;
      case F64 -> Double.doubleToLongBits(from.f64());
      case CHAR -> from.character();
      case STRING, ERROR_CONTEXT -> throw new AssertionError(type);
    };
  }
}
