package io.wattle.runtime.engine.endive;

import static run.endive.wasm.types.Value.REF_NULL_VALUE;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreTable;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;
import run.endive.wasm.types.ValType.TypeIdxCode;

/**
 * A table whose size and content are its own (Endive's grows the limits of the shared module) and
 * shared with a snapshot until the first write. Whoever reads and writes references to functions
 * has their numbers ({@link Roster}); indirect calls have the index of a function and its instance.
 */
final class GuestTable extends TableInstance {
  /** More elements than any limit allows. */
  private static final long MANY = 1L << 48;

  private final EndiveModule declaring;
  private final Table declared;
  private final CoreExternType.Table type;
  private final Account account;
  private final Roster roster;

  /** The instance that defines it, by the order of instances. */
  private final int home;

  /** Whether it is of references to functions; those to exceptions are numbers without instance. */
  private final boolean holdsFunctions;

  /** The index of a function, and above it the ordinal of its instance; both -1 for none. */
  private long[] elements;

  private @Nullable Object @Nullable [] objects;
  private boolean shared;
  private @Nullable Instance standIn;
  private int standInRef;
  private Image golden;
  private final CoreTable extern = new Extern();

  /** Frozen content. */
  record Image(long[] elements) {}

  /** What other instances import. */
  final class Extern implements CoreTable {
    GuestTable table() {
      return GuestTable.this;
    }

    @Override
    public CoreExternType.Table type() {
      return new CoreExternType.Table(type.element(), elements.length, type.max(), type.table64());
    }

    @Override
    public long size() {
      return elements.length;
    }
  }

  private GuestTable(
      EndiveModule declaring,
      Table declared,
      CoreExternType.Table type,
      Account account,
      Roster roster,
      Image image,
      boolean shared) {
    super(new Table(declared.elementType(), new TableLimits(0)), REF_NULL_VALUE);
    this.declaring = declaring;
    this.declared = declared;
    this.type = type;
    this.account = account;
    this.roster = roster;
    this.golden = image;
    this.elements = image.elements;
    this.home = roster.next();
    this.shared = shared;
    if (declared.elementType().isObjectRef()) {
      objects = new Object[elements.length];
    }
    this.holdsFunctions =
        objects == null && declared.elementType().typeIdx() != TypeIdxCode.EXN.code();
  }

  /**
   * A new table that refers to nothing yet ({@link Initializer} fills it).
   *
   * @param own its index among those that the module defines
   */
  static GuestTable create(EndiveModule declaring, int own, Account account, Roster roster) {
    Table declared = declaring.tables[own];
    CoreExternType.Table type = declaring.tableTypes[own];
    account.admitElements(type.min() < 0 ? MANY : Math.min(type.min(), MANY));
    int size = (int) declared.limits().min();
    if (size != type.min()) {
      throw new TrapException(
          Kind.LIMIT,
          "table elements: "
              + Long.toUnsignedString(type.min())
              + " (expected: <= "
              + TableLimits.LIMIT_MAX
              + " in one table)");
    }
    long[] elements = new long[size];
    Arrays.fill(elements, Roster.NOTHING);
    return new GuestTable(declaring, declared, type, account, roster, new Image(elements), false);
  }

  /** A table with the content of a snapshot. */
  static GuestTable restore(
      EndiveModule declaring, int own, Image image, Account account, Roster roster) {
    account.admitElements(image.elements.length);
    return new GuestTable(
        declaring, declaring.tables[own], declaring.tableTypes[own], account, roster, image, true);
  }

  /** Whose types its type is of. */
  EndiveModule declaring() {
    return declaring;
  }

  CoreTable extern() {
    return extern;
  }

  /** Whether an element refers to an object instead of a function. */
  boolean holdsObjects() {
    return objects != null && Arrays.stream(objects).anyMatch(o -> o != null);
  }

  /** Shares the present content with a snapshot. */
  Image freeze() {
    if (holdsObjects()) {
      throw new IllegalStateException("a table holds references to objects: no snapshot");
    }
    golden = new Image(elements);
    shared = true;
    return golden;
  }

  /** Back to the last image. */
  @Override
  public void reset() {
    if (elements.length > golden.elements.length) {
      account.shrinkElements(elements.length - golden.elements.length);
    }
    elements = golden.elements;
    shared = true;
    if (objects != null) {
      objects = new Object[elements.length];
    }
  }

  private void unshare() {
    if (shared) {
      elements = elements.clone();
      shared = false;
    }
  }

  @Override
  public int size() {
    return elements.length;
  }

  @Override
  public TableLimits limits() {
    return new TableLimits(elements.length, Math.max(elements.length, declared.limits().max()));
  }

  @Override
  public int grow(int by, int value, Instance instance) {
    int before = elements.length;
    long wanted = Integer.toUnsignedLong(by) + before;
    if (wanted > declared.limits().max() || wanted > TableLimits.LIMIT_MAX) {
      return -1;
    }
    Account.probeStack(8);
    if (!account.growElements(by)) {
      return -1;
    }
    long[] more = Arrays.copyOf(elements, (int) wanted);
    Arrays.fill(more, before, more.length, element(value));
    elements = more;
    shared = false;
    if (objects != null) {
      objects = Arrays.copyOf(objects, elements.length);
    }
    return before;
  }

  @Override
  public int growWithRef(int by, @Nullable Object value, Instance instance) {
    int before = grow(by, REF_NULL_VALUE, instance);
    if (before >= 0 && value != null) {
      for (int i = before; i < elements.length; i++) {
        setObjRef(i, value, instance);
      }
    }
    return before;
  }

  private static TrapException outOfBounds() {
    return new TrapException(Kind.TRAP, "out of bounds table access");
  }

  private static TrapException undefined() {
    return new TrapException(Kind.TRAP, "undefined element");
  }

  private static TrapException uninitialized(int index) {
    return new TrapException(Kind.TRAP, "uninitialized element " + index);
  }

  private long element(int value) {
    if (holdsFunctions) {
      return roster.element(value);
    }
    return value == REF_NULL_VALUE ? Roster.NOTHING : Integer.toUnsignedLong(value);
  }

  @Override
  public int ref(int index) {
    if (index < 0 || index >= elements.length) {
      throw undefined();
    }
    long element = elements[index];
    return holdsFunctions ? roster.number(element) : (int) element;
  }

  /** Puts the same into several elements, which must be there. */
  void fill(int from, int count, int value) {
    unshare();
    Arrays.fill(elements, from, from + count, element(value));
  }

  /** Takes elements of a table, this one or another of the store; they must be there in both. */
  void copy(int to, GuestTable source, int from, int count) {
    unshare();
    System.arraycopy(source.elements, from, elements, to, count);
    if (objects != null && source.objects != null) {
      System.arraycopy(source.objects, from, objects, to, count);
    }
  }

  /** The index of a function in its instance, -1 where there is none. */
  int indexAt(int index) {
    if (index < 0 || index >= elements.length) {
      throw undefined();
    }
    return Roster.index(elements[index]);
  }

  /** Lets the next look-up, whatever its index, find this function. */
  void answerOnce(int ref, Instance instance) {
    standInRef = ref;
    standIn = instance;
  }

  /** The instance of a function in this table; null when there is none or no such element. */
  @Nullable Instance ownerOf(int index) {
    return index < 0 || index >= elements.length ? null : ownerAt(index);
  }

  @Override
  public int requiredRef(int index) {
    if (standIn != null) {
      return standInRef;
    }
    return functionAt(index);
  }

  // --- what compiled code calls for the table of an indirect call

  int functionAt(int index) {
    long[] all = elements;
    if (index < 0 || index >= all.length) {
      throw undefined();
    }
    int ref = (int) all[index];
    if (ref == REF_NULL_VALUE) {
      throw uninitialized(index);
    }
    return ref;
  }

  /** The instance of an element that there is, null for the one that defines this table. */
  @Nullable Instance foreignerAt(int index) {
    int owner = (int) (elements[index] >> Integer.SIZE);
    return owner == home ? null : roster.at(owner);
  }

  @Nullable Instance ownerAt(int index) {
    return roster.at((int) (elements[index] >> Integer.SIZE));
  }

  @Override
  public @Nullable Object objRef(int index) {
    if (index < 0 || index >= elements.length) {
      throw outOfBounds();
    }
    return objects == null ? null : objects[index];
  }

  @Override
  public void setRef(int index, int value, @Nullable Instance instance) {
    if (index < 0 || index >= elements.length) {
      throw outOfBounds();
    }
    unshare();
    elements[index] = element(value);
  }

  @Override
  public void setObjRef(int index, @Nullable Object ref, @Nullable Instance instance) {
    setRef(index, ref == null ? REF_NULL_VALUE : 0, instance);
    if (objects != null) {
      objects[index] = ref;
    }
  }

  @Override
  public @Nullable Instance instance(int index) {
    Instance once = standIn;
    if (once != null) {
      standIn = null;
      return once;
    }
    return ownerAt(index);
  }
}
