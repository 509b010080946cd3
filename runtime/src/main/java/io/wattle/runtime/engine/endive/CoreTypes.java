package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreValueType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.GlobalImport;
import run.endive.wasm.types.Import;
import run.endive.wasm.types.MemoryImport;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableImport;
import run.endive.wasm.types.TableLimits;
import run.endive.wasm.types.TagImport;
import run.endive.wasm.types.ValType;

/** Endive's types as the seam's: those of a module, whose functions share what they have alike. */
final class CoreTypes {
  private final WasmModule module;
  private final AddressTypes addressTypes;
  private final Map<Integer, CoreExternType.Func> functions = new HashMap<>();

  CoreTypes(WasmModule module, AddressTypes addressTypes) {
    this.module = module;
    this.addressTypes = addressTypes;
  }

  static CoreValueType value(ValType type) {
    if (type.equals(ValType.I32)) {
      return CoreValueType.I32;
    } else if (type.equals(ValType.I64)) {
      return CoreValueType.I64;
    } else if (type.equals(ValType.F32)) {
      return CoreValueType.F32;
    } else if (type.equals(ValType.F64)) {
      return CoreValueType.F64;
    } else if (type.equals(ValType.V128)) {
      return CoreValueType.V128;
    } else if (type.equals(ValType.FuncRef)) {
      return CoreValueType.FUNCREF;
    } else if (type.equals(ValType.ExternRef)) {
      return CoreValueType.EXTERNREF;
    }
    return CoreValueType.OTHER_REF;
  }

  static List<CoreValueType> values(List<ValType> types) {
    return types.stream().map(CoreTypes::value).toList();
  }

  static CoreExternType.Func function(FunctionType type) {
    return new CoreExternType.Func(values(type.params()), values(type.returns()));
  }

  /** The type of a table, by its index among all. */
  CoreExternType.Table table(ValType element, TableLimits limits, int index) {
    AddressTypes.Limits wide = addressTypes.tables().get(index);
    if (wide != null) {
      return new CoreExternType.Table(value(element), wide.min(), wide.max(), true);
    }
    @Nullable Long max = limits.max() >= TableLimits.LIMIT_MAX ? null : limits.max();
    return new CoreExternType.Table(value(element), limits.min(), max, false);
  }

  /** The type of a memory, by its index among all. */
  CoreExternType.Memory memory(MemoryLimits limits, int index) {
    AddressTypes.Limits wide = addressTypes.memories().get(index);
    if (wide != null) {
      return new CoreExternType.Memory(wide.min(), wide.max(), limits.shared(), true);
    }
    @Nullable Long max =
        limits.maximumPages() >= MemoryLimits.MAX_PAGES ? null : (long) limits.maximumPages();
    return new CoreExternType.Memory(limits.initialPages(), max, limits.shared(), false);
  }

  static CoreExternType.Global global(ValType type, MutabilityType mutability) {
    return new CoreExternType.Global(value(type), mutability == MutabilityType.Var);
  }

  private CoreExternType.Func function(int type) {
    return functions.computeIfAbsent(type, index -> function(module.typeSection().getType(index)));
  }

  /**
   * The type of an import.
   *
   * @param index among those of its kind
   */
  CoreExternType ofImport(Import wanted, int index) {
    return switch (wanted) {
      case FunctionImport f -> function(f.typeIndex());
      case TableImport t -> table(t.entryType(), t.limits(), index);
      case MemoryImport m -> memory(m.limits(), index);
      case GlobalImport g -> global(g.type(), g.mutabilityType());
      case TagImport t -> new CoreExternType.Tag(function(t.tagType().typeIdx()));
      default -> throw new IllegalStateException("import of an unknown kind: " + wanted);
    };
  }

  CoreExternType ofExport(Export export) {
    List<Import> imports =
        module.importSection().stream().filter(i -> i.importType() == export.exportType()).toList();
    int index = export.index();
    if (index < imports.size()) {
      return ofImport(imports.get(index), index);
    }
    int own = index - imports.size();
    return switch (export.exportType()) {
      case FUNCTION -> function(module.functionSection().getFunctionType(own));
      case TABLE -> {
        Table table = module.tableSection().getTable(own);
        yield table(table.elementType(), table.limits(), index);
      }
      case MEMORY -> memory(module.memorySection().orElseThrow().getMemory(own).limits(), index);
      case GLOBAL -> {
        var global = module.globalSection().getGlobal(own);
        yield global(global.valueType(), global.mutabilityType());
      }
      case TAG ->
          new CoreExternType.Tag(function(module.tagSection().orElseThrow().getTag(own).typeIdx()));
    };
  }
}
