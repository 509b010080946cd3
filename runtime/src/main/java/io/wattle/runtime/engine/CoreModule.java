package io.wattle.runtime.engine;

import java.util.List;

/** A prepared core module. Immutable and shared by all its instances. */
public interface CoreModule {
  /** What it needs, in order. */
  List<CoreImport> imports();

  /** What it gives, in order. */
  List<CoreExport> exports();

  /** SHA-256 of the binary, lower-case hex. */
  String digest();

  /** How its functions run now. */
  CodeState code();

  /**
   * Says that it is going to be run. An engine that compiles in the background does so while
   * anybody says so: once the last one has closed its use, what has not been compiled by then is
   * left alone.
   *
   * @param better runs once if the module has got compiled code meanwhile, on the compiler's
   *     thread: instances made before go on as they are, new ones are faster
   */
  Use use(Runnable better);

  /**
   * Waits while its state is {@link CodeState#COMPILING}. Whoever waits holds a {@link #use}.
   *
   * @return what it is then
   */
  CodeState awaitCode() throws InterruptedException;

  /** That somebody means to run a module. */
  interface Use extends AutoCloseable {
    @Override
    void close();
  }

  /** An import. */
  record CoreImport(String module, String name, CoreExternType type) {}

  /** An export. */
  record CoreExport(String name, CoreExternType type) {}
}
