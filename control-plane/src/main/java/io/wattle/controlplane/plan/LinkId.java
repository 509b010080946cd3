package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;

/** What makes two links the same link: a put with the same one replaces it. */
public record LinkId(
    String sourceId, String target, String name, String witNamespace, String witPackage) {
  /** The identity of a link. */
  public static LinkId of(Link link) {
    return new LinkId(
        link.sourceId(), link.target(), link.name(), link.witNamespace(), link.witPackage());
  }

  LinkKey key() {
    return new LinkKey(sourceId, name, witNamespace, witPackage);
  }
}
