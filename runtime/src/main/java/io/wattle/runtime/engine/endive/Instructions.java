package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import run.endive.wasm.MalformedException;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.WasmEncoding;

/**
 * Walks through a binary and its instructions, by the encodings that Endive knows of each. Whatever
 * Java throws means that it is malformed.
 */
final class Instructions {
  static final int REF_FUNC = 0xd2;

  /** What is added to the opcodes of relaxed SIMD: Endive would take them for atomic ones. */
  static final int RELAXED = 0xfd_0000;

  /** The first of four that Endive does not know: they have no operands. */
  static final int WIDE_ARITHMETIC = 0xfc13;

  private static final int VECTORS = 0xfd;
  private static final int FUNCTION = 0x60;
  private static final int STRUCT = 0x5f;
  private static final int ARRAY = 0x5e;
  private static final int GROUP = 0x4e;
  private static final int FINAL = 0x4f;
  private static final int OPEN = 0x50;
  private static final int END = 0x0b;
  private static final int EMPTY = 0x40;
  private static final int I32 = 0x7f;
  private static final int V128 = 0x7b;
  private static final int I8 = 0x78;
  private static final int I16 = 0x77;
  private static final int NO_EXN = 0x74;
  private static final int EXN = 0x69;
  private static final int REF_NULL_TYPE = 0x63;
  private static final int REF_TYPE = 0x64;

  private final ByteBuffer in;

  Instructions(ByteBuffer in) {
    this.in = in;
  }

  /**
   * Hears of instructions that name a function, that have a block's type by its index, or that are
   * of relaxed SIMD.
   */
  interface Listener {
    /**
     * @param at where {@code operand} is; where the instruction is if it has none
     */
    void found(int opcode, int at, int operand);
  }

  boolean hasMore() {
    return in.hasRemaining();
  }

  int at() {
    return in.position();
  }

  void at(int place) {
    in.position(place);
  }

  int u8() {
    return in.get() & 0xff;
  }

  int leb() {
    return Leb128.read(in);
  }

  /** An unsigned number that is written in no more bytes than one of so many bits may be. */
  long unsigned(int bits) {
    long value = 0;
    for (int shift = 0; shift < bits; shift += 7) {
      int b = u8();
      int room = bits - shift;
      if (room < 7 && (b & 0x7f) >>> room != 0) {
        throw new MalformedException("integer too large");
      }
      value |= (b & 0x7fL) << shift;
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    throw new MalformedException("integer representation too long");
  }

  /** A signed number of 64 bits. */
  long signed64() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = u8();
      boolean isLast = shift == 63;
      if (isLast && (b & 0x80) == 0 && b != 0 && b != 0x7f) {
        throw new MalformedException("integer too large");
      }
      value |= (b & 0x7fL) << shift;
      if ((b & 0x80) == 0) {
        boolean isNegative = (b & 0x40) != 0;
        return isNegative && !isLast ? value | (-1L << (shift + 7)) : value;
      }
    }
    throw new MalformedException("integer representation too long");
  }

  /** Reads how many bytes follow: where they end. */
  int size() {
    return behind(leb());
  }

  void skip(int bytes) {
    in.position(behind(bytes));
  }

  private int behind(int bytes) {
    if (bytes < 0 || bytes > in.remaining()) {
      throw new IllegalArgumentException(
          bytes + " bytes (expected: at most " + in.remaining() + ")");
    }
    return in.position() + bytes;
  }

  /** A value type (core specification, 5.3.4). */
  void value() {
    int type = u8();
    if (type < V128 || type > I32) {
      in.position(in.position() - 1);
      reference();
    }
  }

  /** A reference type (core specification, 5.3.3). */
  void reference() {
    int at = at();
    int type = u8();
    if (type == REF_NULL_TYPE || type == REF_TYPE) {
      heapType();
    } else if (!isAbstract(type)) {
      throw new MalformedException(
          "at byte " + at + ": malformed reference type 0x" + Integer.toHexString(type));
    }
  }

  /** A type's index, or one of those that every module has, in one byte. */
  private void heapType() {
    int at = at();
    int first = in.get(at) & 0xff;
    long index = signed64();
    if (index < 0 && !isAbstract(first)) {
      throw new MalformedException("at byte " + at + ": malformed heap type " + index);
    }
  }

  private static boolean isAbstract(int type) {
    return type >= EXN && type <= NO_EXN;
  }

  /** A vector of value types. */
  void values() {
    int count = leb();
    for (int i = 0; i < count; i++) {
      value();
    }
  }

  /**
   * The types of a section (core specification, 5.3.7).
   *
   * @param each hears where each begins, without what makes it a subtype, when it has been read
   * @return how many groups they are in
   */
  int types(IntConsumer each) {
    int groups = leb();
    for (int i = 0; i < groups; i++) {
      int start = at();
      int members = 1;
      if (u8() == GROUP) {
        members = leb();
      } else {
        at(start);
      }
      for (int m = 0; m < members; m++) {
        each.accept(subtype());
      }
    }
    return groups;
  }

  private int subtype() {
    int start = at();
    int form = u8();
    if (form == FINAL || form == OPEN) {
      for (int left = leb(); left > 0; left--) {
        skipLeb();
      }
      start = at();
      form = u8();
    }
    switch (form) {
      case FUNCTION -> {
        values();
        values();
      }
      case STRUCT -> {
        for (int left = leb(); left > 0; left--) {
          field();
        }
      }
      case ARRAY -> field();
      default -> throw new IllegalArgumentException("no such type: refused anyway");
    }
    return start;
  }

  private void field() {
    int type = in.get(at()) & 0xff;
    if (type == I8 || type == I16) {
      skip(1);
    } else {
      value();
    }
    u8();
  }

  /** What an import is of: its kind and its type, in which a tag's attribute is 0. */
  void externType() {
    switch (u8()) {
      case 0 -> skipLeb();
      case 1 -> {
        reference();
        limits();
      }
      case 2 -> limits();
      case 3 -> {
        value();
        u8();
      }
      case 4 -> tag();
      default -> throw new MalformedException("at byte " + (at() - 1) + ": malformed import kind");
    }
  }

  void limits() {
    int flags = u8();
    skipLeb();
    if ((flags & 1) != 0) {
      skipLeb();
    }
  }

  void tag() {
    int at = at();
    if (u8() != 0) {
      throw new MalformedException("at byte " + at + ": malformed tag attribute (expected: 0)");
    }
    skipLeb();
  }

  /** A constant expression, its end included. */
  void expression(Listener listener) {
    while (instruction(listener) != END) {
      // goes on
    }
  }

  /** One instruction; its opcode. */
  int instruction(Listener listener) {
    int begin = in.position();
    int opcode = u8();
    if (opcode >= 0xfb && opcode < 0xff) {
      int rest = leb();
      if (opcode == VECTORS && rest > 0xff) {
        listener.found(RELAXED + rest, begin, 0);
        return RELAXED + rest;
      }
      opcode = (opcode << 8) + rest;
      if (opcode >= WIDE_ARITHMETIC && opcode < WIDE_ARITHMETIC + 4) {
        return opcode;
      }
    }
    int at = in.position();
    OpCode known = OpCode.byOpCode(opcode);
    if (known == null) {
      throw new MalformedException("illegal opcode, op value " + Integer.toHexString(opcode));
    }
    for (WasmEncoding operand : OpCode.signature(known)) {
      operand(operand, opcode, listener);
    }
    if (opcode == REF_FUNC) {
      int behind = in.position();
      in.position(at);
      listener.found(opcode, at, leb());
      in.position(behind);
    }
    return opcode;
  }

  private void operand(WasmEncoding operand, int opcode, Listener listener) {
    switch (operand) {
      case BYTE -> skip(1);
      case VARUINT, VARSINT32, VARSINT64 -> skipLeb();
      case FLOAT32 -> skip(4);
      case FLOAT64 -> skip(8);
      case V128 -> skip(16);
      case VEC_VALUE_TYPE -> values();
      case VEC_VARUINT -> {
        int count = leb();
        for (int i = 0; i < count; i++) {
          skipLeb();
        }
      }
      case VEC_CATCH -> {
        int count = leb();
        for (int i = 0; i < count; i++) {
          boolean tagged = u8() < 2;
          if (tagged) {
            skipLeb();
          }
          skipLeb();
        }
      }
      case MEMARG -> {
        int flags = leb();
        if (flags >> 6 != 0) {
          skipLeb();
        }
        skipLeb();
      }
      case BLOCK_TYPE -> blockType(opcode, listener);
    }
  }

  /** A signed number: one that is not negative is a type's index (core specification, 5.4.1). */
  private void blockType(int opcode, Listener listener) {
    int at = in.position();
    int first = in.get(at) & 0xff;
    boolean inline = (first & 0xc0) == 0x40;
    if (first == EMPTY) {
      skip(1);
    } else if (inline) {
      value();
    } else {
      listener.found(opcode, at, leb());
    }
  }

  /** A number of any length. */
  void skipLeb() {
    while (in.get() < 0) {
      // goes on
    }
  }
}
