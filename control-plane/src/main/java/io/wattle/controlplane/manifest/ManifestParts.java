package io.wattle.controlplane.manifest;

import java.util.stream.Stream;

/** Walks a manifest. */
final class ManifestParts {
  private ManifestParts() {}

  /** Every trait that looks like a link, whatever its type says. */
  static Stream<Manifest.LinkTrait> links(Manifest.Component component) {
    return component.traits().stream()
        .filter(Manifest.LinkTrait.class::isInstance)
        .map(Manifest.LinkTrait.class::cast);
  }

  /** Every configuration, those of links target first. */
  static Stream<Manifest.Config> configs(Manifest manifest) {
    return manifest.components().stream()
        .flatMap(
            c ->
                Stream.concat(
                    c.properties().config().stream(),
                    links(c).flatMap(l -> linkConfigs(l.link()))));
  }

  static Stream<Manifest.Config> linkConfigs(Manifest.Link link) {
    return Stream.concat(link.targetSide().config().stream(), link.source().config().stream());
  }

  /** Every secret a component uses: of its links' targets and sources, then its own. */
  static Stream<Manifest.Secret> secrets(Manifest.Component component) {
    return Stream.concat(
        links(component)
            .flatMap(
                l ->
                    Stream.concat(
                        l.link().targetSide().secrets().stream(),
                        l.link().source().secrets().stream())),
        component.properties().secrets().stream());
  }
}
