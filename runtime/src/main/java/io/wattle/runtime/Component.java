package io.wattle.runtime;

import io.wattle.runtime.engine.CodeState;
import io.wattle.wit.type.FunctionType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A component that was decoded, validated and whose core modules are prepared. Immutable, shared.
 */
public interface Component {
  /** SHA-256 of the binary, lower-case hex. */
  String digest();

  /** Names of imported instances and functions, as written, in order. */
  List<String> imports();

  /**
   * Those of its imports that no host can serve yet: WASI 0.3, or with streams, futures or error
   * contexts. Empty unless it was only looked at: otherwise they are a reason to refuse it.
   */
  Set<String> unserved();

  /** Names of exported instances and functions, as written, in order. */
  List<String> exports();

  /**
   * Functions of an exported instance by name; of the world itself for the empty name. Empty when
   * there is no such export.
   */
  Map<String, FunctionType> exportedFunctions(String instance);

  /** Functions of an imported instance by name; of the world itself for the empty name. */
  Map<String, FunctionType> importedFunctions(String instance);

  /** How the functions of its core modules run now: what is left to do, or the worst of them. */
  CodeState code();

  /**
   * Has its core modules compiled, if that is what its engine does in the background, and waits
   * until they are or cannot be.
   */
  CodeState compile() throws InterruptedException;

  /** Its type as WIT text. */
  String wit();
}
