package io.wattle.runtime.engine.endive;

/**
 * A function that was being interpreted. It travels with the exception that ended it, suppressed,
 * innermost first: Java's stack only shows that some function was interpreted.
 */
final class InterpretedFrame extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MOST = 64;

  final transient EndiveModule module;
  final int function;

  /** What it executed last, from the start of the module; where it was called from. */
  final int address;

  final int caller;

  private InterpretedFrame(EndiveModule module, int function, int address, int caller) {
    super(null, null, false, false);
    this.module = module;
    this.function = function;
    this.address = address;
    this.caller = caller;
  }

  /**
   * Notes that a function ended by {@code thrown}.
   *
   * @param caller address of the call, if the caller is of the same instance and interpreted
   */
  static void note(Throwable thrown, InterpreterHook hook, int function, int caller) {
    if (thrown.getSuppressed().length < MOST) {
      thrown.addSuppressed(new InterpretedFrame(hook.module(), function, hook.address(), caller));
    }
  }
}
