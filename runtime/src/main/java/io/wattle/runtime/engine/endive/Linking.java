package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExtern;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreModule.CoreImport;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.CallResult;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportGlobal;
import run.endive.runtime.ImportMemory;
import run.endive.runtime.ImportTable;
import run.endive.runtime.ImportTag;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmFunctionHandle;
import run.endive.wasm.types.FunctionType;

/** Satisfies a module's imports, checking types (core specification, section 3.5.4 "matching"). */
final class Linking {
  private static final long[] NOTHING = {};

  private Linking() {}

  static ImportValues link(EndiveModule module, CoreImports given, EndiveStore store) {
    ImportFunction[] functions = new ImportFunction[module.importedFunctions];
    ImportMemory[] memories = new ImportMemory[module.importedMemories];
    ImportTable[] tables = new ImportTable[module.importedTables];
    ImportGlobal[] globals = new ImportGlobal[module.importedGlobals];
    ImportTag[] tags = new ImportTag[module.importedTags];
    int f = 0;
    int m = 0;
    int t = 0;
    int g = 0;
    int x = 0;
    for (int i = 0; i < module.imports.size(); i++) {
      CoreImport wanted = module.imports.get(i);
      String from = wanted.module();
      String name = wanted.name();
      CoreExtern extern = given.get(i, wanted);
      if (extern == null) {
        throw new TrapException(
            Kind.IMPORT_FAILED, "import " + from + "." + name + ": nothing satisfies it");
      }
      switch (wanted.type()) {
        case CoreExternType.Func type -> {
          if (!(extern instanceof CoreFunction function)
              || !Fitting.function(module, i, type, function)) {
            throw mismatch(wanted, extern);
          }
          FunctionType theirs = module.types[module.functionTypes[f]];
          functions[f++] = new ImportFunction(from, name, theirs, handle(function, store, wanted));
        }
        case CoreExternType.Memory type -> {
          if (!(extern instanceof GuestMemory memory)
              || memory.type().shared() != type.shared()
              || memory.type().memory64() != type.memory64()
              || memory.type().min() < type.min()
              || exceeds(memory.type().max(), type.max())) {
            throw mismatch(wanted, extern);
          }
          if (!store.kind().isOf(memory)) {
            throw new TrapException(
                Kind.IMPORT_FAILED,
                "import "
                    + from
                    + "."
                    + name
                    + ": a memory of another store, made of something else than this one's");
          }
          memories[m++] = new ImportMemory(from, name, memory);
        }
        case CoreExternType.Table type -> {
          if (!(extern instanceof GuestTable.Extern table)
              || !Fitting.table(module, i, type, table)
              || table.type().table64() != type.table64()
              || Long.compareUnsigned(table.size(), type.min()) < 0
              || exceeds(table.type().max(), type.max())) {
            throw mismatch(wanted, extern);
          }
          tables[t++] = new ImportTable(from, name, table.table());
        }
        case CoreExternType.Global type -> {
          if (!(extern instanceof GuestGlobal global) || !Fitting.global(module, i, type, global)) {
            throw mismatch(wanted, extern);
          }
          globals[g++] = new ImportGlobal(from, name, global);
        }
        case CoreExternType.Tag type -> {
          if (!(extern instanceof GuestTag tag) || !Fitting.tag(module, i, type, tag)) {
            throw mismatch(wanted, extern);
          }
          tags[x++] = new ImportTag(from, name, tag.instance());
        }
      }
    }
    return ImportValues.builder()
        .addFunction(functions)
        .addMemory(memories)
        .addTable(tables)
        .addGlobal(globals)
        .addTag(tags)
        .build();
  }

  /** A function of the same store, with the references among its arguments and results. */
  private record Inside(GuestFunction guest) implements WasmFunctionHandle {
    @Override
    public long[] apply(Instance caller, long... arguments) {
      return guest.callInside(arguments);
    }

    @Override
    public CallResult applyWithRefs(Instance caller, long[] arguments, Object[] references) {
      return guest.instance().getMachine().callWithRefs(guest.index(), arguments, references);
    }
  }

  private static boolean exceeds(@Nullable Long given, @Nullable Long allowed) {
    return allowed != null && (given == null || Long.compareUnsigned(given, allowed) > 0);
  }

  private static TrapException mismatch(CoreImport wanted, CoreExtern given) {
    return new TrapException(
        Kind.IMPORT_FAILED,
        "import "
            + wanted.module()
            + "."
            + wanted.name()
            + ": incompatible type (expected: "
            + wanted.type()
            + ", got: "
            + given.type()
            + ")");
  }

  private static WasmFunctionHandle handle(
      CoreFunction function, EndiveStore store, CoreImport wanted) {
    if (function instanceof GuestFunction guest && guest.store() == store) {
      return new Inside(guest);
    }
    int results = CoreValueType.words(function.type().results());
    return (caller, arguments) -> {
      long[] values = function.call(arguments);
      store.signal().check();
      if (values.length != results) {
        throw new IllegalStateException(
            "host function "
                + wanted.module()
                + "."
                + wanted.name()
                + " gave "
                + values.length
                + " results (expected: "
                + results
                + ")");
      }
      return results == 0 ? NOTHING : values;
    };
  }
}
