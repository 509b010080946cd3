package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import java.nio.ByteBuffer;
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

  private static final int VECTORS = 0xfd;
  private static final int END = 0x0b;
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

  /** A value type. */
  void value() {
    int type = u8();
    if (type == REF_NULL_TYPE || type == REF_TYPE) {
      skipLeb();
    }
  }

  /** A vector of value types. */
  void values() {
    int count = leb();
    for (int i = 0; i < count; i++) {
      value();
    }
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
    }
    int at = in.position();
    for (WasmEncoding operand : OpCode.signature(OpCode.byOpCode(opcode))) {
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
    if (inline) {
      value();
    } else {
      listener.found(opcode, at, leb());
    }
  }

  private void skipLeb() {
    while (in.get() < 0) {
      // goes on
    }
  }
}
