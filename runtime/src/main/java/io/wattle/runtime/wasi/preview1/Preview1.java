package io.wattle.runtime.wasi.preview1;

/** All functions of {@code wasi_snapshot_preview1}. */
final class Preview1 {
  /** The module that guests import them from. */
  static final String MODULE = "wasi_snapshot_preview1";

  static final Functions FUNCTIONS = functions();

  private Preview1() {}

  private static Functions functions() {
    Functions functions = new Functions();
    SystemFunctions.addTo(functions);
    PollFunction.addTo(functions);
    SocketFunctions.addTo(functions);
    FileFunctions.addTo(functions);
    StatFunctions.addTo(functions);
    PathFunctions.addTo(functions);
    return functions;
  }
}
