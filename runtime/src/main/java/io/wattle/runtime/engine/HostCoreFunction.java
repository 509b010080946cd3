package io.wattle.runtime.engine;

/** A core function whose code is the host's. */
record HostCoreFunction(CoreExternType.Func type, HostCode code) implements CoreFunction {
  @Override
  public long[] call(long... arguments) throws TrapException {
    return code.call(arguments);
  }
}
