package io.wattle.runtime.engine;

import io.wattle.runtime.engine.endive.EndiveEngine;

/** Makes core engines. */
public final class Engines {
  private Engines() {}

  /** The engine on Endive: pure Java, compiles to JVM bytecode. */
  public static CoreEngine endive(EngineOptions options) {
    return new EndiveEngine(options);
  }
}
