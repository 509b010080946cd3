package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreEngine;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Engines that must give the same answers. */
public final class EveryKind {
  private EveryKind() {}

  /** By name: how functions run and what memories are made of, second code included. */
  public static Map<String, CoreEngine> engines() {
    Map<Guests.Kind, CoreEngine> engines = new EnumMap<>(Guests.Kind.class);
    for (Guests.Kind kind : Guests.Kind.values()) {
      switch (kind) {
        case COMPILED, INTERPRETED, COMPILED_FLAT, COMPILED_MARKED ->
            engines.put(kind, Guests.engine(kind));
        case TIERED, INTERPRETED_FLAT, INTERPRETED_MARKED -> {} // combine what the others do
      }
    }
    Map<String, CoreEngine> named = new LinkedHashMap<>();
    engines.forEach((kind, engine) -> named.put(kind.name(), engine));
    return named;
  }
}
