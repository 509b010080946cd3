package io.wattle.runtime.instance;

import io.wattle.runtime.host.HostFunction;
import io.wattle.runtime.host.LinkedFunction;
import io.wattle.wit.type.FunctionType;

/** Who serves an imported function. */
sealed interface ImportTarget {
  /** The host, in Java. {@code name} is for messages. */
  record Host(String name, FunctionType type, HostFunction code, boolean repeatable)
      implements ImportTarget {}

  /** Somebody behind a link. */
  record Linked(String name, LinkedFunction code) implements ImportTarget {}
}
