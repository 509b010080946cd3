package io.wattle.runtime.engine.endive.split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.CompType;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.GlobalImport;
import run.endive.wasm.types.RecType;
import run.endive.wasm.types.SubType;
import run.endive.wasm.types.TableImport;
import run.endive.wasm.types.TagImport;
import run.endive.wasm.types.TagType;
import run.endive.wasm.types.TypeSection;
import run.endive.wasm.types.ValType;

/** The types of a module and of what it has, growing as functions are added. */
final class Types {
  /**
   * Each added type is the first of a group of two, so that it equals none of the author's:
   * indirect calls would have to tell the new functions from theirs.
   */
  private static final int GROUP = 2;

  private static final int VALUE_TYPES = 128;

  /** Operand of a block that takes and gives nothing. */
  private static final long NOTHING = 0x40;

  private final TypeSection declared;
  private final List<FunctionType> added = new ArrayList<>();
  private final Map<FunctionType, Integer> addedIndices = new HashMap<>();
  private final Map<FunctionType, Integer> blockIndices = new HashMap<>();
  private final List<FunctionType> functions = new ArrayList<>();
  private final List<ValType> globals = new ArrayList<>();
  private final List<ValType> tables = new ArrayList<>();
  private final List<FunctionType> tags = new ArrayList<>();
  private final Set<Integer> standIns;

  Types(WasmModule module) {
    this(module, Set.of());
  }

  /**
   * @param standIns functions that stand for methods of ours
   */
  Types(WasmModule module, Set<Integer> standIns) {
    this.standIns = standIns;
    declared = module.typeSection();
    module.importSection().stream()
        .forEach(
            imported -> {
              switch (imported) {
                case FunctionImport f -> functions.add(declared.getType(f.typeIndex()));
                case GlobalImport g -> globals.add(g.type());
                case TableImport t -> tables.add(t.entryType());
                case TagImport t -> tags.add(declared.getType(t.tagType().typeIdx()));
                default -> {}
              }
            });
    for (int i = 0; i < module.functionSection().functionCount(); i++) {
      functions.add(declared.getType(module.functionSection().getFunctionType(i)));
    }
    for (int i = 0; i < module.globalSection().globalCount(); i++) {
      globals.add(module.globalSection().getGlobal(i).valueType());
    }
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      tables.add(module.tableSection().getTable(i).elementType());
    }
    module
        .tagSection()
        .ifPresent(
            section -> {
              for (TagType tag : section.types()) {
                tags.add(declared.getType(tag.typeIdx()));
              }
            });
  }

  FunctionType function(int index) {
    return functions.get(index);
  }

  /** Whether a call of a function takes neither memory nor instance. */
  boolean isStandIn(int index) {
    return standIns.contains(index);
  }

  ValType global(int index) {
    return globals.get(index);
  }

  ValType table(int index) {
    return tables.get(index);
  }

  /** What is thrown with a tag. */
  FunctionType tag(int index) {
    return tags.get(index);
  }

  /** The type of a null reference, by the instruction's operand. */
  ValType nullOf(long operand) {
    return ValType.builder()
        .withOpcode(ValType.ID.RefNull)
        .withTypeIdx((int) operand)
        .build()
        .resolve(declared);
  }

  FunctionType type(int index) {
    int own = declared.subTypeCount();
    return index < own ? declared.getType(index) : added.get((index - own) / GROUP);
  }

  /** The type of a block, by its first operand. */
  FunctionType block(long operand) {
    if (operand == NOTHING) {
      return FunctionType.empty();
    }
    if (ValType.isValid(operand)) {
      return FunctionType.returning(ValType.builder().fromId(operand).build().resolve(declared));
    }
    return type((int) operand);
  }

  /** Whether a block takes something, by its first operand. */
  boolean hasParameters(long operand) {
    return operand != NOTHING
        && !ValType.isValid(operand)
        && !type((int) operand).params().isEmpty();
  }

  /** The operand of a block that takes nothing and gives these. */
  long blockOperand(List<ValType> results) {
    return switch (results.size()) {
      case 0 -> NOTHING;
      case 1 -> results.getFirst().id();
      default -> blockIndex(FunctionType.of(List.of(), results));
    };
  }

  /** The same for one that takes something. */
  long blockOperand(List<ValType> parameters, List<ValType> results) {
    return parameters.isEmpty()
        ? blockOperand(results)
        : blockIndex(FunctionType.of(parameters, results));
  }

  /** Endive 1.0.0 takes a block's type of a smaller index for a value type, or for none. */
  private long blockIndex(FunctionType type) {
    return blockIndices.computeIfAbsent(
        type,
        t -> {
          while (declared.subTypeCount() + GROUP * added.size() < VALUE_TYPES) {
            added.add(FunctionType.empty());
          }
          return append(t);
        });
  }

  private int append(FunctionType type) {
    added.add(type);
    return declared.subTypeCount() + GROUP * (added.size() - 1);
  }

  /** The index of an added type; those of the module's author are left to them. */
  int index(FunctionType type) {
    return addedIndices.computeIfAbsent(type, this::append);
  }

  /** Takes note of a new function and gives its index. */
  int addFunction(FunctionType type) {
    functions.add(type);
    return functions.size() - 1;
  }

  int functionCount() {
    return functions.size();
  }

  TypeSection section() {
    TypeSection.Builder builder = TypeSection.builder();
    for (int i = 0; i < declared.typeCount(); i++) {
      builder.addRecType(declared.getRecType(i));
    }
    for (FunctionType type : added) {
      SubType[] group = {subType(type), subType(FunctionType.empty())};
      builder.addRecType(RecType.builder().withSubTypes(group).build());
    }
    return builder.build();
  }

  private static SubType subType(FunctionType type) {
    return SubType.builder()
        .withCompType(CompType.builder().withFuncType(type).build())
        .withTypeIdx(new int[0])
        .withFinal(true)
        .build();
  }
}
