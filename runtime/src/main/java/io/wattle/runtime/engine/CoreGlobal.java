package io.wattle.runtime.engine;

/** A global, passed from instance to instance. */
public non-sealed interface CoreGlobal extends CoreExtern {
  @Override
  CoreExternType.Global type();

  /** Its value as a 64-bit word; of a vector the low half. */
  long get();

  /** The high half of a vector; means nothing for other types. */
  long getHigh();
}
