package io.wattle.runtime.engine.endive;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.WasmEncoding;

/** What instructions take that name a memory or table whose addresses are of 64 bits. */
final class WideOperands {
  static final String I32 = Character.toString(0x7f);
  static final String I64 = Character.toString(0x7e);
  private static final String F32 = Character.toString(0x7d);
  private static final String F64 = Character.toString(0x7c);
  private static final String V128 = Character.toString(0x7b);

  /** An address, or a number of addresses. */
  static final Operand ADDRESS = new Operand(I64, true);

  /** Loads and stores, by opcode: what they take, the address first. */
  private static final Map<Integer, List<Operand>> ACCESSES = new HashMap<>();

  static {
    for (OpCode each : OpCode.values()) {
      if (OpCode.signature(each).contains(WasmEncoding.MEMARG)) {
        ACCESSES.put(each.opcode(), above(each));
      }
    }
  }

  /**
   * One of them.
   *
   * @param type in bytes of which each is a character
   * @param isAddress whether it becomes one of 32 bits
   */
  record Operand(String type, boolean isAddress) {}

  private WideOperands() {}

  static boolean isAccess(int opcode) {
    return ACCESSES.containsKey(opcode);
  }

  /** Lowest first. */
  static List<Operand> ofAccess(int opcode) {
    return ACCESSES.getOrDefault(opcode, List.of());
  }

  static Operand plain(String type) {
    return new Operand(type, false);
  }

  /** An address where it is wide, else an i32. */
  static Operand address(boolean wide) {
    return wide ? ADDRESS : plain(I32);
  }

  private static List<Operand> above(OpCode opcode) {
    List<String> types =
        switch (opcode) {
          case MEM_ATOMIC_NOTIFY -> List.of(I32);
          case MEM_ATOMIC_WAIT32 -> List.of(I32, I64);
          case MEM_ATOMIC_WAIT64 -> List.of(I64, I64);
          default -> above(opcode.name());
        };
    return Stream.concat(Stream.of(ADDRESS), types.stream().map(WideOperands::plain)).toList();
  }

  private static List<String> above(String name) {
    String type =
        switch (name.substring(0, name.indexOf('_'))) {
          case "I32" -> I32;
          case "I64" -> I64;
          case "F32" -> F32;
          case "F64" -> F64;
          default -> V128;
        };
    if (name.contains("CMPXCHG")) {
      return List.of(type, type);
    }
    boolean takesOne = name.contains("_STORE") || name.contains("_RMW") || name.endsWith("_LANE");
    return takesOne ? List.of(type) : List.of();
  }
}
