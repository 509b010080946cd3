package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.OtherCode;
import java.util.Arrays;
import java.util.List;
import run.endive.wasm.InvalidException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ArrayType;
import run.endive.wasm.types.CompType;
import run.endive.wasm.types.FieldType;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.RecType;
import run.endive.wasm.types.StorageType;
import run.endive.wasm.types.StructType;
import run.endive.wasm.types.SubType;
import run.endive.wasm.types.TypeSection;
import run.endive.wasm.types.ValType;

/**
 * Types that refer to each of several equal ones by the number of the first. Endive compares types
 * part by part, as often as they are named: thirty that each name the one before twice, and thirty
 * like them, would take it minutes, and a few more would take it for ever. Equal parts with equal
 * numbers it knows at once.
 */
final class CommonTypes {
  /**
   * Characters of the text of all groups that equal others. Endive compares equal groups as a whole
   * each time that an instruction needs it.
   */
  private static final int MOST_EQUAL = 200_000;

  private final TypeSection declared;
  private final HeapTypes types;

  /** Of the group that is written: what refers to one of its own stays as it is. */
  private int base;

  private CommonTypes(TypeSection declared) {
    this.declared = declared;
    this.types = new HeapTypes(declared);
    if (types.equal > MOST_EQUAL) {
      throw new IllegalArgumentException(
          "types: too many types that equal others (expected: one of each)");
    }
  }

  /**
   * A module that is not validated yet, with such types; itself where no type refers to another.
   *
   * @throws InvalidException when one refers to a type that is not there yet, or when too many are
   *     equal
   */
  static WasmModule of(WasmModule module) {
    TypeSection declared = module.typeSection();
    if (HeapTypes.arePlain(declared)) {
      return module;
    }
    try {
      return OtherCode.withTypes(module, new CommonTypes(declared).section());
    } catch (IllegalArgumentException e) {
      throw new InvalidException(String.valueOf(e.getMessage()));
    }
  }

  private TypeSection section() {
    TypeSection.Builder section = TypeSection.builder();
    for (int i = 0; i < declared.typeCount(); i++) {
      SubType[] group =
          Arrays.stream(declared.getRecType(i).subTypes()).map(this::of).toArray(SubType[]::new);
      section.addRecType(RecType.builder().withSubTypes(group).build());
      base += group.length;
    }
    return section.build();
  }

  private SubType of(SubType type) {
    return SubType.builder()
        .withCompType(of(type.compType()))
        .withTypeIdx(Arrays.stream(type.typeIdx()).map(this::first).toArray())
        .withFinal(type.isFinal())
        .build();
  }

  private CompType of(CompType type) {
    CompType.Builder result = CompType.builder();
    FunctionType function = type.funcType();
    if (function != null) {
      result.withFuncType(FunctionType.of(of(function.params()), of(function.returns())));
    } else if (type.structType() != null) {
      StructType.Builder fields = StructType.builder();
      for (FieldType field : type.structType().fieldTypes()) {
        fields.addFieldType(of(field));
      }
      result.withStructType(fields.build());
    } else {
      result.withArrayType(
          ArrayType.builder().withFieldType(of(type.arrayType().fieldType())).build());
    }
    return result.build();
  }

  private FieldType of(FieldType field) {
    StorageType storage = field.storageType();
    return storage.packedType() != null
        ? field
        : FieldType.builder()
            .withStorageType(StorageType.builder().withValType(of(storage.valType())).build())
            .withMutability(field.mut())
            .build();
  }

  private List<ValType> of(List<ValType> values) {
    return values.stream().map(this::of).toList();
  }

  private ValType of(ValType type) {
    int named = type.isReference() ? type.typeIdx() : -1;
    return named < 0 || first(named) == named
        ? type
        : ValType.builder()
            .withOpcode(type.opcode())
            .withTypeIdx(first(named))
            .build()
            .resolve(declared);
  }

  private int first(int type) {
    return type < base ? types.first(type) : type;
  }
}
