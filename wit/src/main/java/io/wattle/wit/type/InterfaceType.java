package io.wattle.wit.type;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** An interface: named types and functions, in order. */
public record InterfaceType(Map<String, ExternType> items) {
  public InterfaceType {
    items = Collections.unmodifiableMap(new LinkedHashMap<>(items));
  }
}
