package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreGlobal;
import run.endive.runtime.GlobalInstance;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.ValType;

/** A global that remembers its snapshot's value. */
final class GuestGlobal extends GlobalInstance implements CoreGlobal {
  private final EndiveModule declaring;
  private Image golden;

  /** Frozen value: both halves, and for a reference to a function its instance's ordinal. */
  record Image(long low, long high, int owner) {}

  @SuppressWarnings("deprecation") // the builder makes no subclasses
  GuestGlobal(
      EndiveModule declaring, ValType type, MutabilityType mutability, long low, long high) {
    super(low, high, type, mutability);
    this.declaring = declaring;
    golden = new Image(low, high, Roster.NONE);
  }

  /** Whose types its type is of. */
  EndiveModule declaring() {
    return declaring;
  }

  /** Whether it refers to an object instead of a function. */
  boolean holdsObject() {
    return getRefValue() != null;
  }

  Image freeze(Roster roster) {
    if (holdsObject()) {
      throw new IllegalStateException("a global holds a reference to an object: no snapshot");
    }
    golden = new Image(getValueLow(), getValueHigh(), roster.ordinal(getInstance()));
    return golden;
  }

  void restore(Image image, Roster roster) {
    golden = image;
    reset(roster);
  }

  void reset(Roster roster) {
    setValueLow(golden.low);
    setValueHigh(golden.high);
    setRefValue(null);
    if (getInstance() != roster.at(golden.owner)) {
      setInstance(roster.at(golden.owner));
    }
  }

  @Override
  public CoreExternType.Global type() {
    return CoreTypes.global(getType(), getMutabilityType());
  }

  @Override
  public long get() {
    return getValueLow();
  }

  @Override
  public long getHigh() {
    return getValueHigh();
  }
}
