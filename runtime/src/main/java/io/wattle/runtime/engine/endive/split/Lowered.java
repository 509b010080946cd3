package io.wattle.runtime.engine.endive.split;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionSection;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.GlobalImport;

/**
 * A module in which pairs of i64 stand for vectors, which Endive's compiler has none of. Arguments
 * and results of its functions lie in arrays of longs as they do with vectors, and its functions,
 * types and globals have the same indices.
 *
 * @param module for the translator only
 * @param functions how many the author's has, imported ones included; those behind are added
 * @param standIns calls of these are calls of methods of ours
 * @param computing functions that do little else than compute with vectors
 */
public record Lowered(
    WasmModule module, int functions, Map<Integer, StandIn> standIns, Set<Integer> computing) {
  /** The module itself when it has no vectors. */
  public static Lowered of(WasmModule module) {
    Types declared = new Types(module);
    return hasVectors(module, declared)
        ? new Lowering(module, declared).lower()
        : new Lowered(module, declared.functionCount(), Map.of(), Set.of());
  }

  /** Whether anything of a module is a vector. */
  public static boolean hasVectors(WasmModule module) {
    return hasVectors(module, new Types(module));
  }

  private static boolean hasVectors(WasmModule module, Types types) {
    for (FunctionType type : module.typeSection().types()) {
      if (type != null && PairTypes.has(type)) {
        return true;
      }
    }
    boolean hasGlobal =
        module.importSection().stream()
            .anyMatch(i -> i instanceof GlobalImport g && PairTypes.isVector(g.type()));
    for (int i = 0; !hasGlobal && i < module.globalSection().globalCount(); i++) {
      hasGlobal = PairTypes.isVector(module.globalSection().getGlobal(i).valueType());
    }
    int imported = module.importSection().count(ExternalType.FUNCTION);
    for (int i = 0; !hasGlobal && i < module.codeSection().functionBodyCount(); i++) {
      FunctionBody body = module.codeSection().getFunctionBody(i);
      if (PairCode.hasVectors(types.function(imported + i), body, types)) {
        return true;
      }
    }
    return hasGlobal;
  }

  /** Makes one of a module that has vectors. */
  private static final class Lowering {
    private final WasmModule module;
    private final Types declared;
    private final int imported;
    private final WasmModule paired;
    private final Types types;
    private final Set<Integer> computing = new HashSet<>();
    private final Map<StandIn, Integer> standIns = new LinkedHashMap<>();

    Lowering(WasmModule module, Types declared) {
      this.module = module;
      this.declared = declared;
      this.imported = module.importSection().count(ExternalType.FUNCTION);
      this.paired = OtherCode.withPairs(module);
      this.types = new Types(paired);
    }

    private int standIn(StandIn method) {
      return standIns.computeIfAbsent(method, m -> types.addFunction(m.signature()));
    }

    Lowered lower() {
      List<FunctionBody> bodies = new ArrayList<>();
      for (int i = 0; i < module.codeSection().functionBodyCount(); i++) {
        FunctionType type = declared.function(imported + i);
        FunctionBody body = module.codeSection().getFunctionBody(i);
        if (PairCode.hasVectors(type, body, declared)) {
          bodies.add(lower(imported + i, Function.parse(type, body, declared)));
          if (PairCode.computes(body)) {
            computing.add(imported + i);
          }
        } else {
          bodies.add(body);
        }
      }
      CodeSection.Builder code =
          CodeSection.builder().setRequiresDataCount(module.codeSection().isRequiresDataCount());
      bodies.forEach(code::addFunctionBody);
      FunctionSection.Builder functions = FunctionSection.builder();
      for (int i = 0; i < bodies.size(); i++) {
        functions.addFunctionType(module.functionSection().getFunctionType(i));
      }
      Map<Integer, StandIn> byIndex = new HashMap<>();
      standIns.forEach(
          (method, index) -> {
            byIndex.put(index, method);
            functions.addFunctionType(types.index(method.signature()));
            code.addFunctionBody(Splitter.NOTHING);
          });
      WasmModule result = OtherCode.of(paired, types.section(), functions.build(), code.build());
      return new Lowered(result, imported + bodies.size(), byIndex, Set.copyOf(computing));
    }

    private FunctionBody lower(int index, Function function) {
      return Emitter.emit(
              PairCode.of(function, types.function(index), declared, types, this::standIn))
          .body();
    }
  }
}
