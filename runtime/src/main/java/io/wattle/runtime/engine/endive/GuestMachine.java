package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.Spill;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.DataSegment;

/**
 * What the generated machine classes extend, so that generated code finds what Endive's instance
 * does not have. Public because generated classes live in a package and loader of their own.
 */
public abstract class GuestMachine {
  @Nullable StopSignal signal;

  /** Of functions that are interpreted. */
  @Nullable InterpreterHook hook;

  /** The number of the instance's first function in the store, and how many it has. */
  int base;

  int functions;
  final Spill spill = new Spill();
  private @Nullable GuestInstance owner;
  private DataSegment[] segments = {};

  /** For generated classes. */
  protected GuestMachine() {}

  void attach(StopSignal to, GuestInstance of, DataSegment[] data) {
    signal = to;
    owner = of;
    segments = data;
    base = of.base;
    functions = of.module.functionTypes.length;
  }

  @Nullable GuestInstance owner() {
    return owner;
  }

  /** The bytes of a data segment, none if it was dropped; not to be written. */
  byte[] segment(int index) {
    GuestInstance of = owner;
    return of == null ? new byte[0] : of.module.bytesOf(index, segments[index]);
  }
}
