package io.wattle.lattice.link;

import java.util.List;

/**
 * A link that was taken away, remembered beside the links of its source so that a call that misses
 * it can say why. Our own addition to the specification.
 *
 * @param name the link's name
 * @param witNamespace {@code wasi}
 * @param witPackage {@code keyvalue}
 * @param interfaces {@code [store, atomics]}
 * @param by who took it away
 */
public record Revocation(
    String name, String witNamespace, String witPackage, List<String> interfaces, String by) {
  public Revocation {
    if (name == null || witNamespace == null || witPackage == null || by == null) {
      throw new IllegalArgumentException(
          "name, wit_namespace, wit_package, by: missing (expected: text)");
    }
    interfaces = interfaces == null ? List.of() : List.copyOf(interfaces);
  }

  /** Of this link. */
  public static Revocation of(Link link, String by) {
    return new Revocation(
        link.name(), link.witNamespace(), link.witPackage(), link.interfaces(), by);
  }

  /** Whether a call to {@code instance} (version or not) would have taken the link. */
  public boolean concerns(String linkName, String instance) {
    int at = instance.indexOf('@');
    String unversioned = at < 0 ? instance : instance.substring(0, at);
    return name.equals(linkName)
        && interfaces.stream()
            .anyMatch(i -> unversioned.equals(witNamespace + ":" + witPackage + "/" + i));
  }

  /** What a caller is told: {@code revoked: wasi:keyvalue/store by ada}. */
  public static String text(String unversioned, String by) {
    return "revoked: " + unversioned + " by " + by;
  }

  boolean isOf(Link link) {
    return name.equals(link.name())
        && witNamespace.equals(link.witNamespace())
        && witPackage.equals(link.witPackage());
  }

  /** Those that are not about this link, which is there again. */
  public static List<Revocation> without(List<Revocation> revocations, Link link) {
    return revocations.stream().filter(revocation -> !revocation.isOf(link)).toList();
  }
}
