package io.wattle.runtime.engine.endive;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;

/**
 * What a module's memories and tables are to others whose addresses are of 64 bits (core
 * specification, 2.3.11 "address types"): to its code they are of 32 bits ({@link Narrowing}).
 *
 * @param memories the limits of those of 64 bits, by index
 * @param tables the same of tables
 * @param dataOffsets where active data segments go, by index, if that is no plain constant: an i64
 * @param elementOffsets the same of element segments
 */
record AddressTypes(
    Map<Integer, Limits> memories,
    Map<Integer, Limits> tables,
    Map<Integer, List<Instruction>> dataOffsets,
    Map<Integer, List<Instruction>> elementOffsets) {
  /** All of 32 bits. */
  static final AddressTypes OF_32 = new AddressTypes(Map.of(), Map.of(), Map.of(), Map.of());

  /** Both unsigned; no maximum is null. */
  record Limits(long min, @Nullable Long max) {}
}
