package io.wattle.runtime.engine.endive;

import io.wattle.runtime.debug.GuestDebug;
import io.wattle.runtime.engine.CodeState;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreModule;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Global;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TagImport;
import run.endive.wasm.types.TagType;

/** A prepared module with everything an instance needs, computed once. */
final class EndiveModule implements CoreModule {
  private static final byte[] NO_BYTES = {};
  final List<CoreImport> imports;
  final List<CoreExport> exports;
  final Map<String, Export> exportsByName = new HashMap<>();
  private final Map<String, Exported> exported = new HashMap<>();

  /**
   * By import, the type of the function that was found to fit last: mostly it is the next one's.
   */
  private final @Nullable CoreExternType[] fitting;

  final FunctionType[] types;
  final int[] functionTypes;
  final Global[] globals;
  final Table[] tables;
  final Element[] elements;
  final DataSegment[] data;
  private final byte[] @Nullable [] dataBytes;
  final TagType @Nullable [] tags;
  final MemoryLimits[] memories;

  /** What its own tables are to others, as they begin. */
  final CoreExternType.Table[] tableTypes;

  final AddressTypes addressTypes;
  final int importedFunctions;
  final int importedMemories;
  final int importedTables;
  final int importedGlobals;
  final int importedTags;
  final AtHand atHand;
  private final String key;
  private volatile String digest;
  private volatile byte[] description = NO_BYTES;
  private volatile SoftReference<GuestDebug> debug = new SoftReference<>(null);
  private final @Nullable Compilation compilation;

  /** Changes once at most: from interpreted to compiled. Who makes an instance looks once. */
  private volatile ModuleCode running;

  /** Its types by what they are, as soon as somebody asks. */
  private volatile @Nullable HeapTypes heapTypes;

  private final boolean hasObjects;
  private final boolean hasPlainTypes;

  private final AtomicBoolean secondAsked = new AtomicBoolean();

  /** Null until the module is hot. */
  private volatile @Nullable ModuleCode second;

  /**
   * Something exported.
   *
   * @param position among the exports
   * @param index among what is of its kind
   */
  record Exported(int position, int index, CoreExternType type) {}

  /** A module whose code stays what it is. */
  EndiveModule(String digest, ModuleCode code, AddressTypes addressTypes) {
    this(digest, code, addressTypes, null);
  }

  /**
   * @param compilation what may bring better code, null when nothing does
   */
  EndiveModule(
      String digest,
      ModuleCode code,
      AddressTypes addressTypes,
      @Nullable Compilation compilation) {
    WasmModule module = code.module();
    CoreTypes typed = new CoreTypes(module, addressTypes);
    this.addressTypes = addressTypes;
    this.key = digest;
    this.digest = digest;
    this.running = code;
    this.compilation = compilation;
    this.imports = imports(module, typed);
    this.fitting = new CoreExternType[imports.size()];
    this.types = module.typeSection().types();
    this.hasPlainTypes = HeapTypes.arePlain(module.typeSection());
    this.hasObjects = Arrays.stream(types).anyMatch(Objects::isNull);
    this.importedFunctions = module.importSection().count(ExternalType.FUNCTION);
    this.importedMemories = module.importSection().count(ExternalType.MEMORY);
    this.importedTables = module.importSection().count(ExternalType.TABLE);
    this.importedGlobals = module.importSection().count(ExternalType.GLOBAL);
    this.importedTags = module.importSection().count(ExternalType.TAG);
    this.atHand = AtHand.of(module);
    this.functionTypes = functionTypes(module);
    this.globals = module.globalSection().globals();
    this.tables = new Table[module.tableSection().tableCount()];
    this.tableTypes = new CoreExternType.Table[tables.length];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = module.tableSection().getTable(i);
      tableTypes[i] = typed.table(tables[i].elementType(), tables[i].limits(), importedTables + i);
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
      CoreExport named = new CoreExport(export.name().intern(), typed.ofExport(export));
      exportsByName.put(named.name(), export);
      exported.put(named.name(), new Exported(i, export.index(), named.type()));
      given.add(named);
    }
    this.exports = List.copyOf(given);
  }

  private static List<CoreImport> imports(WasmModule module, CoreTypes typed) {
    Map<ExternalType, Integer> counts = new EnumMap<>(ExternalType.class);
    return module.importSection().stream()
        .map(
            i -> {
              int index = counts.merge(i.importType(), 1, Integer::sum) - 1;
              return new CoreImport(
                  i.module().intern(), i.name().intern(), typed.ofImport(i, index));
            })
        .toList();
  }

  /** The indices of its functions' types. */
  static int[] functionTypes(WasmModule module) {
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
  void describe(GuestDebug source) {
    description = source.pack();
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

  /** What it exports under a name, null when it does not. */
  @Nullable Exported exported(String name) {
    return exported.get(name);
  }

  /** Whether a function of a type can be its import. */
  @SuppressWarnings("ReferenceEquality") // a type that is another object is compared
  boolean accepts(int index, CoreExternType.Func wanted, CoreExternType.Func given) {
    if (fitting[index] == given) {
      return true;
    }
    boolean fits = given.equals(wanted);
    if (fits) {
      fitting[index] = given;
    }
    return fits;
  }

  /** Whether it has struct or array types. */
  boolean hasObjects() {
    return hasObjects;
  }

  /**
   * Whether all its types are of functions, which are compared by what they take and give alone.
   */
  boolean hasPlainTypes() {
    return hasPlainTypes;
  }

  /** Its types by what they are, so that they can be compared with other modules'. */
  HeapTypes heapTypes() {
    HeapTypes known = heapTypes;
    if (known == null) {
      known = new HeapTypes(running.module().typeSection());
      heapTypes = known;
    }
    return known;
  }

  /** The function type of a tag, imported ones included. */
  int tagType(int index) {
    if (index >= importedTags) {
      return Objects.requireNonNull(tags)[index - importedTags].typeIdx();
    }
    return running.module().importSection().stream()
        .filter(TagImport.class::isInstance)
        .skip(index)
        .mapToInt(wanted -> ((TagImport) wanted).tagType().typeIdx())
        .findFirst()
        .orElseThrow();
  }

  /** Whether it has a memory, its own or another's. */
  boolean hasMemory() {
    return importedMemories + memories.length > 0;
  }

  /** Whether there is code for {@link MarkedMemory} too, which then stays. */
  boolean hasSecond() {
    return second != null;
  }

  /** The first to ask makes the second code. */
  boolean askForSecond() {
    return secondAsked.compareAndSet(false, true);
  }

  void addSecond(ModuleCode code) {
    second = code;
  }

  /** What runs its functions in stores of that kind now. */
  ModuleCode running(MemoryKind kind) {
    ModuleCode other = second;
    return kind == MemoryKind.MARKED && other != null ? other : running;
  }

  /** What runs its functions now. */
  ModuleCode running() {
    return running;
  }

  /** From now on this code runs its functions; it is the same module's. */
  void improve(ModuleCode better) {
    running = better;
  }

  /** Compiles it no more. */
  void giveUp() {
    if (compilation != null) {
      compilation.giveUp();
    }
  }

  @Override
  public CodeState code() {
    if (compilation != null) {
      return compilation.state();
    }
    return running.compiled() ? CodeState.COMPILED : CodeState.INTERPRETED;
  }

  @Override
  public Use use(Runnable better) {
    return compilation == null ? () -> {} : compilation.use(better);
  }

  @Override
  public CodeState awaitCode() throws InterruptedException {
    return compilation == null ? code() : compilation.await();
  }

  @Override
  public List<CoreImport> imports() {
    return imports;
  }

  @Override
  public List<CoreExport> exports() {
    return exports;
  }

  /** Says that it is what was made of another binary, whose digest it has for everybody else. */
  void standFor(String original) {
    digest = original;
  }

  /** The digest of the binary that its code was made of, by which the code is known. */
  String key() {
    return key;
  }

  @Override
  public String digest() {
    return digest;
  }
}
