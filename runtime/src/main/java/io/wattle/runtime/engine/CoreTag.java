package io.wattle.runtime.engine;

/** An exception tag, passed from instance to instance. */
public non-sealed interface CoreTag extends CoreExtern {
  @Override
  CoreExternType.Tag type();
}
