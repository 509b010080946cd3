package io.wattle.runtime.engine.endive.vector;

import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;

/**
 * A vector instruction that accesses memory. Up to 4 bytes are an i32 (fewer of them unsigned), 8
 * are an i64, 16 are the vector itself.
 */
public sealed interface VectorAccess {
  /** 1, 2, 4, 8 or 16. */
  int bytes();

  /**
   * Takes an address, and the vector behind it where a lane is loaded.
   *
   * @param then takes what was loaded: [I32], [I64], for a lane [VECTOR, I32] or [VECTOR, I64];
   *     null where 16 bytes are the vector
   */
  record Load(int bytes, @Nullable VectorOp then) implements VectorAccess {}

  /**
   * Takes an address and a vector.
   *
   * @param before takes [VECTOR] and gives the I32 or I64 that is stored; null where 16 bytes are
   *     the vector
   */
  record Store(int bytes, @Nullable VectorOp before) implements VectorAccess {}

  /**
   * Describes an instruction, whose immediates are alignment, offset, memory and, for some, the
   * lane.
   *
   * @return null for one that accesses no memory or is no vector instruction
   */
  static @Nullable VectorAccess of(Instruction instruction) {
    return AccessTable.of(instruction);
  }
}
