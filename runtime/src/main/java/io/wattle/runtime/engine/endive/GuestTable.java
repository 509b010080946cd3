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

/**
 * A table whose size and content are its own (Endive's grows the limits of the shared module) and
 * shared with a snapshot until the first write.
 */
final class GuestTable extends TableInstance {
  private final Table declared;
  private final Account account;
  private final Roster roster;
  private int[] refs;
  private int[] owners;
  private @Nullable Object @Nullable [] objects;
  private boolean shared;
  private @Nullable Instance standIn;
  private int standInRef;
  private Image golden;
  private final CoreTable extern = new Extern();

  /** Frozen content. */
  record Image(int[] refs, int[] owners) {}

  /** What other instances import. */
  final class Extern implements CoreTable {
    GuestTable table() {
      return GuestTable.this;
    }

    @Override
    public CoreExternType.Table type() {
      return CoreTypes.table(declared.elementType(), refs.length, declared.limits().max());
    }

    @Override
    public long size() {
      return refs.length;
    }
  }

  private GuestTable(Table declared, Account account, Roster roster, Image image, boolean shared) {
    super(new Table(declared.elementType(), new TableLimits(0)), REF_NULL_VALUE);
    this.declared = declared;
    this.account = account;
    this.roster = roster;
    this.golden = image;
    this.refs = image.refs;
    this.owners = image.owners;
    this.shared = shared;
    if (declared.elementType().isObjectRef()) {
      objects = new Object[refs.length];
    }
  }

  /** A new table, full of {@code initial}. */
  static GuestTable create(Table declared, int initial, Account account, Roster roster) {
    int size = (int) declared.limits().min();
    account.admitElements(size);
    int[] refs = new int[size];
    int[] owners = new int[size];
    Arrays.fill(refs, initial);
    Arrays.fill(owners, Roster.NONE);
    return new GuestTable(declared, account, roster, new Image(refs, owners), false);
  }

  /** A table with the content of a snapshot. */
  static GuestTable restore(Table declared, Image image, Account account, Roster roster) {
    account.admitElements(image.refs.length);
    return new GuestTable(declared, account, roster, image, true);
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
    golden = new Image(refs, owners);
    shared = true;
    return golden;
  }

  /** Back to the last image. */
  @Override
  public void reset() {
    if (refs.length > golden.refs.length) {
      account.shrinkElements(refs.length - golden.refs.length);
    }
    refs = golden.refs;
    owners = golden.owners;
    shared = true;
    if (objects != null) {
      objects = new Object[refs.length];
    }
  }

  private void unshare() {
    if (shared) {
      refs = refs.clone();
      owners = owners.clone();
      shared = false;
    }
  }

  @Override
  public int size() {
    return refs.length;
  }

  @Override
  public TableLimits limits() {
    return new TableLimits(refs.length, Math.max(refs.length, declared.limits().max()));
  }

  @Override
  public int grow(int by, int value, Instance instance) {
    int before = refs.length;
    long wanted = Integer.toUnsignedLong(by) + before;
    if (wanted > declared.limits().max() || wanted > TableLimits.LIMIT_MAX) {
      return -1;
    }
    Account.probeStack(8);
    if (!account.growElements(by)) {
      return -1;
    }
    int[] moreRefs = Arrays.copyOf(refs, (int) wanted);
    int[] moreOwners = Arrays.copyOf(owners, (int) wanted);
    Arrays.fill(moreRefs, before, moreRefs.length, value);
    Arrays.fill(
        moreOwners,
        before,
        moreOwners.length,
        value == REF_NULL_VALUE ? Roster.NONE : roster.ordinal(instance));
    refs = moreRefs;
    owners = moreOwners;
    shared = false;
    if (objects != null) {
      objects = Arrays.copyOf(objects, refs.length);
    }
    return before;
  }

  @Override
  public int growWithRef(int by, @Nullable Object value, Instance instance) {
    int before = grow(by, REF_NULL_VALUE, instance);
    if (before >= 0 && value != null) {
      for (int i = before; i < refs.length; i++) {
        setObjRef(i, value, instance);
      }
    }
    return before;
  }

  private static TrapException outOfBounds() {
    return new TrapException(Kind.TRAP, "out of bounds table access");
  }

  @Override
  public int ref(int index) {
    if (index < 0 || index >= refs.length) {
      throw new TrapException(Kind.TRAP, "undefined element");
    }
    return refs[index];
  }

  /** Lets the next look-up, whatever its index, find this function. */
  void answerOnce(int ref, Instance instance) {
    standInRef = ref;
    standIn = instance;
  }

  /** The instance of a function in this table; null when there is none or no such element. */
  @Nullable Instance ownerOf(int index) {
    return index < 0 || index >= refs.length ? null : roster.at(owners[index]);
  }

  @Override
  public int requiredRef(int index) {
    if (standIn != null) {
      return standInRef;
    }
    int ref = ref(index);
    if (ref == REF_NULL_VALUE) {
      throw new TrapException(Kind.TRAP, "uninitialized element " + index);
    }
    return ref;
  }

  @Override
  public @Nullable Object objRef(int index) {
    if (index < 0 || index >= refs.length) {
      throw outOfBounds();
    }
    return objects == null ? null : objects[index];
  }

  @Override
  public void setRef(int index, int value, @Nullable Instance instance) {
    if (index < 0 || index >= refs.length) {
      throw outOfBounds();
    }
    unshare();
    refs[index] = value;
    owners[index] = value == REF_NULL_VALUE ? Roster.NONE : roster.ordinal(instance);
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
    return roster.at(owners[index]);
  }
}
