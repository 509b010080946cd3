package io.wattle.runtime.host;

import io.wattle.wit.type.FunctionType;
import org.jspecify.annotations.Nullable;

/** Who serves a component's imports: the host's own interfaces first, then links. */
public interface Imports {
  /** These interfaces, and no links. */
  static Imports of(HostInterfaces interfaces) {
    return new Imports() {
      @Override
      public @Nullable HostInterface hostInterface(String name) {
        return interfaces.find(name);
      }

      @Override
      public @Nullable LinkedFunction linked(String instance, String function, FunctionType type) {
        return null;
      }
    };
  }

  /**
   * The host's implementation of an imported instance, or null. {@code name} has the version the
   * component asks for.
   */
  @Nullable HostInterface hostInterface(String name);

  /**
   * The link-served function of an imported instance that the host does not implement. Asked once
   * when the component is linked; a missing link shows when the function is called, so that
   * starting without links succeeds.
   *
   * @param instance {@code ns:pkg/iface@1.2.3}, empty for a function of the world
   * @return null when it cannot be served at all (resources in its type, say), which refuses the
   *     component
   */
  @Nullable LinkedFunction linked(String instance, String function, FunctionType type);
}
