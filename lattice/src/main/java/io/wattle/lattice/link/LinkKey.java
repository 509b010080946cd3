package io.wattle.lattice.link;

import org.jspecify.annotations.Nullable;

/**
 * What a link is deleted by: the target is not part of it (section 2.11).
 *
 * @param name {@code default} when absent
 */
public record LinkKey(String sourceId, String name, String witNamespace, String witPackage) {
  public LinkKey {
    name = name(name);
    if (sourceId == null || witNamespace == null || witPackage == null) {
      throw new IllegalArgumentException(
          "source_id, wit_namespace, wit_package: missing (expected: text)");
    }
  }

  /** The key of a link. */
  public static LinkKey of(Link link) {
    return new LinkKey(link.sourceId(), link.name(), link.witNamespace(), link.witPackage());
  }

  /** Whether this is the link's key. */
  public boolean matches(Link link) {
    return equals(of(link));
  }

  private static String name(@Nullable String name) {
    return name == null || name.isEmpty() ? Link.DEFAULT_NAME : name;
  }
}
