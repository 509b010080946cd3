package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExtern;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreInstance;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ExecutionListener;
import run.endive.runtime.GlobalFactory;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.runtime.Memory;
import run.endive.runtime.TableFactory;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Global;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TagType;

/**
 * An instance and what of it is its own. Endive's builder resolves imports by name in quadratic
 * time and copies the module's arrays again and again; its constructor, which is not public, takes
 * what we have at hand.
 */
final class GuestInstance implements CoreInstance {
  private static final MethodHandle NEW;
  private static final VarHandle GLOBALS;

  static {
    try {
      MethodHandles.Lookup inside =
          MethodHandles.privateLookupIn(Instance.class, MethodHandles.lookup());
      NEW =
          inside.findConstructor(
              Instance.class,
              MethodType.methodType(
                  void.class,
                  WasmModule.class,
                  Global[].class,
                  Memory[].class,
                  DataSegment[].class,
                  FunctionBody[].class,
                  FunctionType[].class,
                  int[].class,
                  ImportValues.class,
                  Table[].class,
                  Element[].class,
                  TagType[].class,
                  Map.class,
                  Function.class,
                  TableFactory.class,
                  GlobalFactory.class,
                  boolean.class,
                  boolean.class,
                  ExecutionListener.class));
      GLOBALS = inside.findVarHandle(Instance.class, "globals", GlobalInstance[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final EndiveModule module;
  private final ModuleCode code;
  final Instance instance;
  private final EndiveStore store;

  /** The number of its first function in the store. */
  final int base;

  private final GuestMemory[] memories;
  private final GuestTable[] tables;
  private final DataSegment[] data;

  /** What was asked for of its exports, by their position: each is one object. */
  private @Nullable CoreExtern @Nullable [] externs;

  private @Nullable Image golden;
  private @Nullable InterpreterHook hook;
  private @Nullable ObjectSpace space;

  /** Frozen state of what is an instance's own. */
  record Image(
      EndiveModule module,
      GuestMemory.Image[] memories,
      GuestTable.Image[] tables,
      GuestGlobal.Image[] globals,
      DataSegment[] data,
      Element[] elements) {
    long bytes() {
      long sum = 0;
      for (GuestMemory.Image memory : memories) {
        sum += memory.privateBytes();
      }
      return sum;
    }

    /** How long its memories are. */
    long memoryBytes() {
      long sum = 0;
      for (GuestMemory.Image memory : memories) {
        sum += (long) memory.largePages() * Memory.PAGE_SIZE;
      }
      return sum;
    }
  }

  /** Gives up its memories' bytes: for instances that nobody uses any more. */
  void discardMemories() {
    for (GuestMemory memory : memories) {
      if (memory instanceof MarkedMemory marked) {
        marked.discard();
      }
    }
  }

  /** Allocates; nothing is initialised yet unless there is an image. */
  GuestInstance(
      EndiveModule module,
      ImportValues imports,
      EndiveStore store,
      Account account,
      Roster roster,
      @Nullable Image image) {
    this.module = module;
    this.code = module.running(store.kind());
    this.store = store;
    this.golden = image;
    this.base = roster.admit(module.functionTypes.length);
    data = (image == null ? module.data : image.data).clone();
    memories = new GuestMemory[module.memories.length];
    for (int i = 0; i < memories.length; i++) {
      memories[i] = memory(i, account, image == null ? null : image.memories[i]);
    }
    tables = new GuestTable[module.tables.length];
    instance = create(imports, account, roster, image);
    roster.add(instance, module.functionTypes.length);
    if (image != null) {
      restore(image);
    }
    if (module.hasMemory()) {
      ((GuestMemory) instance.memory()).bind(module.atHand, instance);
    }
  }

  private GuestMemory memory(int own, Account account, GuestMemory.@Nullable Image image) {
    AddressTypes.Limits wide = module.addressTypes.memories().get(module.importedMemories + own);
    if (wide != null && image == null) {
      GuestMemory.requirePossible(wide.min(), account);
    }
    GuestMemory memory = store.kind().create(module.memories[own], account, image);
    memory.wide(wide);
    return memory;
  }

  private Instance create(
      ImportValues imports, Account account, Roster roster, @Nullable Image image) {
    TableFactory tableFactory =
        new TableFactory() {
          private int next;

          @Override
          public GuestTable create(Table declared, int initial) {
            GuestTable table =
                image == null
                    ? GuestTable.create(module, next, account, roster)
                    : GuestTable.restore(module, next, image.tables[next], account, roster);
            tables[next++] = table;
            return table;
          }
        };
    GlobalFactory globalFactory =
        (low, high, type, mutability) -> new GuestGlobal(module, type, mutability, low, high);
    Function<Instance, Machine> machines = this::machine;
    hook = code.interpreted() ? new InterpreterHook(account.signal(), this, data) : null;
    Instance made =
        construct(
            module,
            code.module(),
            memories,
            data,
            code.functions(),
            module.types,
            module.functionTypes,
            imports,
            Initializer.tables(module),
            machines,
            tableFactory,
            globalFactory,
            hook);
    if (hook != null) {
      hook.attach(made);
    }
    return made;
  }

  private static Instance construct(
      EndiveModule module,
      WasmModule parsed,
      Memory[] memories,
      DataSegment[] data,
      FunctionBody[] functions,
      FunctionType[] types,
      int[] functionTypes,
      ImportValues imports,
      Table[] tables,
      Function<Instance, Machine> machines,
      @Nullable TableFactory tableFactory,
      @Nullable GlobalFactory globalFactory,
      @Nullable ExecutionListener listener) {
    try {
      return (Instance)
          NEW.invoke(
              parsed,
              module.globals,
              memories,
              data,
              functions,
              types,
              functionTypes,
              imports,
              tables,
              module.elements,
              module.tags,
              module.exportsByName,
              machines,
              tableFactory,
              globalFactory,
              false,
              false,
              listener);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** An instance in which every function takes nothing, gives nothing and does nothing. */
  static Instance doingNothing(EndiveModule module) {
    FunctionType[] types = new FunctionType[module.types.length];
    Arrays.fill(types, FunctionType.empty());
    int[] functionTypes = IntStream.range(0, types.length).toArray();
    Machine machine = (function, arguments) -> null;
    return construct(
        module,
        module.running().module(),
        new Memory[0],
        new DataSegment[0],
        new FunctionBody[0],
        types,
        functionTypes,
        ImportValues.empty(),
        new Table[0],
        of -> machine,
        null,
        null,
        null);
  }

  private Machine machine(Instance of) {
    return code.compiled() ? compiled(code, of) : new WholeInterpreter(of, hook, this::improved);
  }

  /** A machine of the code that the module has got since the instance was made. */
  private @Nullable Machine improved(Instance of) {
    ModuleCode now = module.running(store.kind());
    return now.compiled() ? compiled(now, of) : null;
  }

  /** Whether the module has better code by now. */
  boolean outdated() {
    return !code.compiled() && module.running().compiled();
  }

  private Machine compiled(ModuleCode by, Instance of) {
    MethodHandle maker = Objects.requireNonNull(by.machineMaker());
    try {
      Machine machine = (Machine) maker.invokeExact(of);
      GuestMachine ours = (GuestMachine) (Object) machine;
      ours.attach(store.signal(), this, data);
      ours.hook = hook;
      if (ours instanceof TailCallingMachine calling) {
        calling.attach(of);
      }
      return machine;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs initialisers and the start function. */
  void initialize() {
    new Initializer(this).run(memories, (GlobalInstance[]) GLOBALS.get(instance));
  }

  /** What its instructions do with structures and arrays. */
  ObjectSpace space() {
    ObjectSpace known = space;
    if (known == null) {
      known = new ObjectSpace(this, store.heap(), data);
      space = known;
    }
    return known;
  }

  DataSegment[] data() {
    return data;
  }

  Roster roster() {
    return store.roster();
  }

  private void restore(Image image) {
    GlobalInstance[] globals = (GlobalInstance[]) GLOBALS.get(instance);
    for (int i = 0; i < globals.length; i++) {
      Global declared = module.globals[i];
      GuestGlobal global =
          new GuestGlobal(module, declared.valueType(), declared.mutabilityType(), 0, 0);
      global.restore(image.globals[i]);
      globals[i] = global;
    }
    for (int i = 0; i < image.elements.length; i++) {
      instance.setElement(i, image.elements[i]);
    }
  }

  private GuestGlobal ownGlobal(int index) {
    return (GuestGlobal) instance.global(module.importedGlobals + index);
  }

  /**
   * Whether a table or global of its own refers to an object, or something of its own may: no
   * snapshot can hold one, and what is kept for reuse must not.
   */
  boolean holdsObjects() {
    if (module.hasObjects()) {
      return true;
    }
    for (GuestTable table : tables) {
      if (table.holdsObjects()) {
        return true;
      }
    }
    for (int i = 0; i < module.globals.length; i++) {
      if (ownGlobal(i).holdsObject()) {
        return true;
      }
    }
    return false;
  }

  Image freeze() {
    GuestMemory.Image[] frozenMemories = new GuestMemory.Image[memories.length];
    for (int i = 0; i < memories.length; i++) {
      frozenMemories[i] = memories[i].freeze();
    }
    GuestTable.Image[] frozenTables = new GuestTable.Image[tables.length];
    for (int i = 0; i < tables.length; i++) {
      frozenTables[i] = tables[i].freeze();
    }
    GuestGlobal.Image[] frozenGlobals = new GuestGlobal.Image[module.globals.length];
    for (int i = 0; i < frozenGlobals.length; i++) {
      frozenGlobals[i] = ownGlobal(i).freeze();
    }
    Element[] elements = new Element[instance.elementCount()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = instance.element(i);
    }
    golden = new Image(module, frozenMemories, frozenTables, frozenGlobals, data.clone(), elements);
    return golden;
  }

  void reset() {
    Image image = golden;
    if (image == null) {
      throw new IllegalStateException("no snapshot was taken of this instance");
    }
    for (GuestMemory memory : memories) {
      memory.reset();
    }
    for (GuestTable table : tables) {
      table.reset();
    }
    for (int i = 0; i < module.globals.length; i++) {
      ownGlobal(i).reset();
    }
    System.arraycopy(image.data, 0, data, 0, data.length);
    for (int i = 0; i < image.elements.length; i++) {
      instance.setElement(i, image.elements[i]);
    }
    instance.clearTailCall();
  }

  long privateBytes() {
    long sum = 0;
    for (GuestMemory memory : memories) {
      sum += memory.privateBytes();
    }
    return sum;
  }

  @Override
  public @Nullable CoreExtern export(String name) {
    EndiveModule.Exported exported = module.exported(name);
    if (exported == null) {
      return null;
    }
    if (externs == null) {
      externs = new CoreExtern[module.exports.size()];
    }
    CoreExtern known = externs[exported.position()];
    if (known == null) {
      known = extern(exported);
      externs[exported.position()] = known;
    }
    return known;
  }

  private CoreExtern extern(EndiveModule.Exported exported) {
    int index = exported.index();
    return switch (exported.type()) {
      case CoreExternType.Func f -> new GuestFunction(store, instance, index, f);
      case CoreExternType.Memory m -> (GuestMemory) instance.memory(index);
      case CoreExternType.Table t -> ((GuestTable) instance.table(index)).extern();
      case CoreExternType.Global g -> (GuestGlobal) instance.global(index);
      case CoreExternType.Tag t ->
          new GuestTag(instance.tag(index), t, module, module.tagType(index));
    };
  }
}
