package io.wattle.runtime.engine;

/** Something an instance exports and another may import. */
public sealed interface CoreExtern
    permits CoreFunction, CoreMemory, CoreTable, CoreGlobal, CoreTag {
  /** Its type. */
  CoreExternType type();
}
