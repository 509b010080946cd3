package io.wattle.runtime.engine;

import java.util.Collection;

/** How the functions of a core module run. What is interpreted means the same, and is slower. */
public enum CodeState {
  /** By the interpreter, and nothing is under way that would change it. */
  INTERPRETED,
  /** By the interpreter, until the compiler has come to it. */
  COMPILING,
  /** As JVM classes; functions that are too large for the JVM are interpreted still. */
  COMPILED,
  /** By the interpreter for good: it could not be compiled, and the log says why. */
  FAILED;

  /** Whether this state may be followed by that one. */
  public boolean mayBecome(CodeState next) {
    return switch (this) {
      case INTERPRETED -> next == COMPILING;
      case COMPILING -> next != COMPILING;
      case COMPILED, FAILED -> false;
    };
  }

  /**
   * What is to be said of several modules together: what may change comes first, then the worst.
   */
  public static CodeState of(Collection<CodeState> modules) {
    for (CodeState state : new CodeState[] {COMPILING, FAILED, INTERPRETED}) {
      if (modules.contains(state)) {
        return state;
      }
    }
    return COMPILED;
  }
}
