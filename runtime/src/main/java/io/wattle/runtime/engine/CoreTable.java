package io.wattle.runtime.engine;

/** A table, passed from instance to instance. */
public non-sealed interface CoreTable extends CoreExtern {
  @Override
  CoreExternType.Table type();

  /** Its size in elements now. */
  long size();
}
