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

  /** Frozen value: both halves. A reference to a function is its number ({@link Roster}). */
  record Image(long low, long high) {}

  @SuppressWarnings("deprecation") // the builder makes no subclasses
  GuestGlobal(
      EndiveModule declaring, ValType type, MutabilityType mutability, long low, long high) {
    super(low, high, type, mutability);
    this.declaring = declaring;
    golden = new Image(low, high);
  }

  /** Whose types its type is of. */
  EndiveModule declaring() {
    return declaring;
  }

  /** Whether it refers to an object instead of a function. */
  boolean holdsObject() {
    return getRefValue() != null;
  }

  Image freeze() {
    if (holdsObject()) {
      throw new IllegalStateException("a global holds a reference to an object: no snapshot");
    }
    golden = new Image(getValueLow(), getValueHigh());
    return golden;
  }

  void restore(Image image) {
    golden = image;
    reset();
  }

  void reset() {
    setValueLow(golden.low);
    setValueHigh(golden.high);
    setRefValue(null);
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
