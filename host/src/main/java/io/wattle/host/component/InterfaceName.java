package io.wattle.host.component;

/** Instance names, {@code ns:pkg/iface@1.2.3}. */
final class InterfaceName {
  private InterfaceName() {}

  /** Without the version, as links name it. */
  static String unversioned(String instance) {
    int at = instance.indexOf('@');
    return at < 0 ? instance : instance.substring(0, at);
  }

  /** As links name it: the WASI interface that a {@code wrpc} one stands for (section 6.7). */
  static String linked(String wire) {
    String unversioned = unversioned(wire);
    return unversioned.startsWith("wrpc:") ? "wasi:" + unversioned.substring(5) : unversioned;
  }
}
