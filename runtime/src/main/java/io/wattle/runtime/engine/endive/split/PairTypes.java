package io.wattle.runtime.engine.endive.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import run.endive.wasm.types.CompType;
import run.endive.wasm.types.FieldType;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Global;
import run.endive.wasm.types.GlobalImport;
import run.endive.wasm.types.GlobalSection;
import run.endive.wasm.types.ImportSection;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.RecType;
import run.endive.wasm.types.StorageType;
import run.endive.wasm.types.StructType;
import run.endive.wasm.types.SubType;
import run.endive.wasm.types.TypeSection;
import run.endive.wasm.types.ValType;

/** Types with two i64 in the place of each vector. All indices stay what they were. */
final class PairTypes {
  private PairTypes() {}

  static boolean isVector(ValType type) {
    return type.opcode() == ValType.ID.V128;
  }

  static boolean has(List<ValType> types) {
    for (ValType type : types) {
      if (isVector(type)) {
        return true;
      }
    }
    return false;
  }

  static boolean has(FunctionType type) {
    return has(type.params()) || has(type.returns());
  }

  static List<ValType> of(List<ValType> types) {
    return has(types)
        ? types.stream()
            .flatMap(type -> isVector(type) ? Stream.of(ValType.I64, ValType.I64) : Stream.of(type))
            .toList()
        : types;
  }

  static FunctionType of(FunctionType type) {
    return has(type) ? FunctionType.of(of(type.params()), of(type.returns())) : type;
  }

  /**
   * The types of a module. One that takes a vector must not become the same as one that takes two
   * i64, or indirect calls would take them for each other: what had vectors gets a supertype that
   * says where, and that nothing else has. It is a struct, for which nothing is generated.
   */
  static TypeSection of(TypeSection declared) {
    Map<List<Boolean>, Integer> marks = new LinkedHashMap<>();
    TypeSection.Builder result = TypeSection.builder();
    for (int i = 0; i < declared.typeCount(); i++) {
      SubType[] group =
          Arrays.stream(declared.getRecType(i).subTypes())
              .map(type -> of(type, marks, declared.subTypeCount()))
              .toArray(SubType[]::new);
      result.addRecType(RecType.builder().withSubTypes(group).build());
    }
    marks.keySet().forEach(places -> result.addRecType(mark(places)));
    return result.build();
  }

  private static SubType of(SubType type, Map<List<Boolean>, Integer> marks, int first) {
    FunctionType function = type.compType().funcType();
    if (function == null || !has(function)) {
      return type;
    }
    int mark = marks.computeIfAbsent(places(function), _ -> first + marks.size());
    int[] supertypes = Arrays.copyOf(type.typeIdx(), type.typeIdx().length + 1);
    supertypes[supertypes.length - 1] = mark;
    return SubType.builder()
        .withCompType(CompType.builder().withFuncType(of(function)).build())
        .withTypeIdx(supertypes)
        .withFinal(type.isFinal())
        .build();
  }

  /** Which of the parameters and results are vectors. */
  private static List<Boolean> places(FunctionType type) {
    List<Boolean> places = new ArrayList<>();
    type.params().forEach(each -> places.add(isVector(each)));
    type.returns().forEach(each -> places.add(isVector(each)));
    return places;
  }

  private static RecType mark(List<Boolean> places) {
    StructType.Builder fields = StructType.builder();
    for (boolean isVector : places) {
      StorageType type =
          StorageType.builder().withValType(isVector ? ValType.I64 : ValType.I32).build();
      fields.addFieldType(
          FieldType.builder().withStorageType(type).withMutability(MutabilityType.Const).build());
    }
    SubType mark =
        SubType.builder()
            .withCompType(CompType.builder().withStructType(fields.build()).build())
            .withTypeIdx(new int[0])
            .withFinal(true)
            .build();
    return RecType.builder().withSubTypes(new SubType[] {mark}).build();
  }

  static ImportSection of(ImportSection imports) {
    ImportSection.Builder result = ImportSection.builder();
    imports.stream()
        .map(
            each ->
                each instanceof GlobalImport global && isVector(global.type())
                    ? new GlobalImport(
                        global.module(), global.name(), global.mutabilityType(), ValType.I64)
                    : each)
        .forEach(result::addImport);
    return result.build();
  }

  /** Their initial values are nothing to the translator. */
  static GlobalSection of(GlobalSection globals) {
    GlobalSection.Builder result = GlobalSection.builder();
    for (Global global : globals.globals()) {
      result.addGlobal(
          isVector(global.valueType())
              ? new Global(ValType.I64, global.mutabilityType(), List.of())
              : global);
    }
    return result.build();
  }
}
