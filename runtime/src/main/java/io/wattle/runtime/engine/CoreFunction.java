package io.wattle.runtime.engine;

/**
 * A core function. Values are 64-bit words: i32 in the low 32 bits (sign-extended or not: readers
 * use the low half), f32 and f64 as raw bits. A v128 is two words, bytes 0 to 7 first, little
 * endian.
 */
public non-sealed interface CoreFunction extends CoreExtern {
  @Override
  CoreExternType.Func type();

  /**
   * Calls it.
   *
   * @return results, an empty array when there are none
   * @throws TrapException when the guest trapped, was stopped or hit a limit
   */
  long[] call(long... arguments) throws TrapException;

  /** A function that the host implements. */
  static CoreFunction host(CoreExternType.Func type, HostCode code) {
    return new HostCoreFunction(type, code);
  }

  /** The host's side of a function. */
  @FunctionalInterface
  interface HostCode {
    /** Runs on the guest's thread. Unchecked exceptions reach the guest's caller as a trap. */
    long[] call(long[] arguments) throws TrapException;
  }
}
