package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.OffsetExpression.Global;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import run.endive.wasm.types.Instruction;

/** What a module says before its code, as far as it matters to those who rewrite the code. */
final class Declarations {
  /** How many parameters a type has; -1 where it is not a function's. */
  final List<Integer> parameters = new ArrayList<>();

  /** Types of functions, imported ones included. */
  final List<Integer> functions = new ArrayList<>();

  final List<Global> globals = new ArrayList<>();

  /** The types of tables' elements, in bytes of which each is a character. */
  final List<String> elements = new ArrayList<>();

  final Map<Integer, AddressTypes.Limits> wideMemories = new HashMap<>();
  final Map<Integer, AddressTypes.Limits> wideTables = new HashMap<>();
  final Map<Integer, List<Instruction>> dataOffsets = new HashMap<>();
  final Map<Integer, List<Instruction>> elementOffsets = new HashMap<>();
  int importedFunctions;
  int memories;

  AddressTypes addressTypes() {
    return new AddressTypes(
        Map.copyOf(wideMemories),
        Map.copyOf(wideTables),
        Map.copyOf(dataOffsets),
        Map.copyOf(elementOffsets));
  }

  boolean isWideMemory(long index) {
    return index < memories && wideMemories.containsKey((int) index);
  }

  boolean isWideTable(long index) {
    return index < elements.size() && wideTables.containsKey((int) index);
  }

  /** Parameters of a function that the module defines; -1 where it has no valid type. */
  int parametersOf(int defined) {
    int function = importedFunctions + defined;
    int type = function < functions.size() ? functions.get(function) : -1;
    return type < 0 || type >= parameters.size() ? -1 : parameters.get(type);
  }
}
