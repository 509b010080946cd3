package io.wattle.host.component;

/** Instance names, {@code ns:pkg/iface@1.2.3}. */
final class InterfaceName {
  private InterfaceName() {}

  /** Without the version, as links name it. */
  static String unversioned(String instance) {
    int at = instance.indexOf('@');
    return at < 0 ? instance : instance.substring(0, at);
  }
}
