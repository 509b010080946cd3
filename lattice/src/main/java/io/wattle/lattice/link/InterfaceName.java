package io.wattle.lattice.link;

/** Names of instances, {@code ns:pkg/iface@1.2.3}, as links have them: without the version. */
public final class InterfaceName {
  private InterfaceName() {}

  /** Without the version. */
  public static String unversioned(String instance) {
    int at = instance.indexOf('@');
    return at < 0 ? instance : instance.substring(0, at);
  }

  /** Also the WASI interface that a {@code wrpc} one stands for on the wire (section 6.7). */
  public static String linked(String wire) {
    String unversioned = unversioned(wire);
    return unversioned.startsWith("wrpc:") ? "wasi:" + unversioned.substring(5) : unversioned;
  }
}
