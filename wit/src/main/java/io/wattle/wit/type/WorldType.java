package io.wattle.wit.type;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A component's type: what it imports and exports, by name, in order. */
public record WorldType(Map<String, ExternType> imports, Map<String, ExternType> exports) {
  public WorldType {
    imports = Collections.unmodifiableMap(new LinkedHashMap<>(imports));
    exports = Collections.unmodifiableMap(new LinkedHashMap<>(exports));
  }
}
