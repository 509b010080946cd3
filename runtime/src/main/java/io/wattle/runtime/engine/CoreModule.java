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

  /** An import. */
  record CoreImport(String module, String name, CoreExternType type) {}

  /** An export. */
  record CoreExport(String name, CoreExternType type) {}
}
