package io.wattle.runtime.engine;

/** A global, passed from instance to instance. */
public non-sealed interface CoreGlobal extends CoreExtern {
  @Override
  CoreExternType.Global type();

  /** Its value as a 64-bit word. */
  long get();
}
