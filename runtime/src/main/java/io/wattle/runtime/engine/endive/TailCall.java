package io.wattle.runtime.engine.endive;

import run.endive.runtime.Instance;
import run.endive.wasm.types.FunctionType;

/**
 * Ends the interpreted function that makes it: it is no more under way, and whoever interprets it
 * calls the next one in its place, with the arguments that lie on the stack ({@link Interpreting}).
 */
final class TailCall extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final transient Instance target;
  final int function;

  TailCall(Instance target, int function) {
    super(null, null, false, false);
    this.target = target;
    this.function = function;
  }

  FunctionType type() {
    return target.type(target.functionType(function));
  }
}
