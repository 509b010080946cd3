package io.wattle.runtime.engine.endive;

import io.wattle.runtime.debug.GuestDebug;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreModule;
import java.lang.invoke.MethodHandle;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Global;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TagType;

/** A prepared module with everything an instance needs, computed once. */
final class EndiveModule implements CoreModule {
  private static final byte[] NO_BYTES = {};
  final WasmModule module;
  final List<CoreImport> imports;
  final List<CoreExport> exports;
  final Map<String, Export> exportsByName = new HashMap<>();
  private final Map<String, CoreExternType> exportTypes = new HashMap<>();
  final FunctionBody[] functions;
  final FunctionType[] types;
  final int[] functionTypes;
  final Global[] globals;
  final Table[] tables;
  final Element[] elements;
  final DataSegment[] data;
  private final byte[] @Nullable [] dataBytes;
  final TagType @Nullable [] tags;
  final MemoryLimits[] memories;
  final int importedFunctions;
  final int importedMemories;
  final int importedTables;
  final int importedGlobals;
  final int importedTags;
  private final String digest;
  private volatile byte[] description = NO_BYTES;
  private volatile SoftReference<GuestDebug> debug = new SoftReference<>(null);
  private final @Nullable MethodHandle machineMaker;
  private final boolean interpreted;

  /**
   * @param machineMaker makes compiled machines, null to interpret
   * @param interpreted whether some functions of a compiled module are interpreted
   */
  EndiveModule(
      WasmModule module, String digest, @Nullable MethodHandle machineMaker, boolean interpreted) {
    this.module = module;
    this.digest = digest;
    this.machineMaker = machineMaker;
    this.interpreted = interpreted;
    this.functions = module.codeSection().functionBodies();
    this.imports =
        module.importSection().stream()
            .map(i -> new CoreImport(i.module(), i.name(), CoreTypes.ofImport(module, i)))
            .toList();
    this.types = module.typeSection().types();
    this.importedFunctions = module.importSection().count(ExternalType.FUNCTION);
    this.importedMemories = module.importSection().count(ExternalType.MEMORY);
    this.importedTables = module.importSection().count(ExternalType.TABLE);
    this.importedGlobals = module.importSection().count(ExternalType.GLOBAL);
    this.importedTags = module.importSection().count(ExternalType.TAG);
    this.functionTypes = functionTypes(module);
    this.globals = module.globalSection().globals();
    this.tables = new Table[module.tableSection().tableCount()];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = module.tableSection().getTable(i);
    }
    this.elements = module.elementSection().elements();
    this.data = module.dataSection().dataSegments();
    this.dataBytes = new byte[data.length][];
    this.tags = module.tagSection().map(t -> t.types()).orElse(null);
    int memoryCount = module.memorySection().map(m -> m.memoryCount()).orElse(0);
    this.memories = new MemoryLimits[memoryCount];
    for (int i = 0; i < memoryCount; i++) {
      memories[i] = module.memorySection().orElseThrow().getMemory(i).limits();
    }
    List<CoreExport> given = new ArrayList<>();
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      CoreExport typed = new CoreExport(export.name(), CoreTypes.ofExport(module, export));
      exportsByName.put(export.name(), export);
      exportTypes.put(export.name(), typed.type());
      given.add(typed);
    }
    this.exports = List.copyOf(given);
  }

  private static int[] functionTypes(WasmModule module) {
    return IntStream.concat(
            module.importSection().stream()
                .filter(FunctionImport.class::isInstance)
                .mapToInt(i -> ((FunctionImport) i).typeIndex()),
            IntStream.range(0, module.functionSection().functionCount())
                .map(module.functionSection()::getFunctionType))
        .toArray();
  }

  /**
   * The bytes of a segment. Endive copies them at each call, which would let a guest fill the heap
   * with a large segment that it reads a byte of, again and again.
   */
  @SuppressWarnings("ReferenceEquality") // dropped and used-up segments are another object
  byte[] bytesOf(int index, DataSegment now) {
    if (now != data[index]) {
      return NO_BYTES;
    }
    byte[] bytes = dataBytes[index];
    if (bytes == null) {
      bytes = now.data();
      dataBytes[index] = bytes;
    }
    return bytes;
  }

  /** Keeps what the binary says of its source, packed. */
  void describe(byte[] wasm) {
    description = GuestDebug.read(wasm).pack();
  }

  /** What is known of its source; unpacked again when something traps. */
  GuestDebug debug() {
    GuestDebug known = debug.get();
    if (known == null) {
      known = GuestDebug.unpack(description);
      debug = new SoftReference<>(known);
    }
    return known;
  }

  CoreExternType exportType(String name) {
    return Objects.requireNonNull(exportTypes.get(name));
  }

  /** Whether any function of it runs in the interpreter. */
  boolean interprets() {
    return machineMaker == null || interpreted;
  }

  @Nullable MethodHandle machineMaker() {
    return machineMaker;
  }

  @Override
  public List<CoreImport> imports() {
    return imports;
  }

  @Override
  public List<CoreExport> exports() {
    return exports;
  }

  @Override
  public String digest() {
    return digest;
  }
}
