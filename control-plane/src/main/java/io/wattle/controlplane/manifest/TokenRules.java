package io.wattle.controlplane.manifest;

import io.wattle.lattice.LatticeName;
import java.util.List;

/**
 * Our own rules: ids and names become parts of NATS subjects and keys, and whoever breaks them
 * would only fail later.
 */
final class TokenRules {
  private static final int RULE = 27;
  private static final String TOKEN = "one or more of A-Z a-z 0-9 _ -";

  private final Manifest manifest;
  private final List<Problem> problems;

  TokenRules(Manifest manifest, List<Problem> problems) {
    this.manifest = manifest;
    this.problems = problems;
  }

  void check() {
    for (Manifest.Component component : manifest.components()) {
      String id = component.properties().id();
      if (id != null) {
        token(component.properties().place(), "id", id);
      }
      boolean told = problems.stream().anyMatch(p -> p.path().equals(component.place().path()));
      if (component.name().isEmpty() && !told) {
        problems.add(
            Problem.error(RULE, component.place(), "the name is empty").expected(TOKEN, "\"\""));
      }
      ManifestParts.links(component).forEach(trait -> link(trait.link()));
    }
    ManifestParts.configs(manifest)
        .filter(config -> config.properties() == null)
        .forEach(config -> token(config.place(), "name", config.name()));
  }

  private void link(Manifest.Link link) {
    token(link.place(), "namespace", link.namespace());
    token(link.place(), "package", link.witPackage());
    token(link.place(), "name", link.name());
    if (link.interfaces().isEmpty()) {
      problems.add(
          Problem.warning(RULE, link.place(), "a link without interfaces carries nothing"));
    }
    link.interfaces().forEach(name -> token(link.place(), "interfaces", name));
  }

  private void token(Place place, String field, String text) {
    if (!LatticeName.isValid(text)) {
      problems.add(
          Problem.error(RULE, place.field(field, place.at()), "not usable as a name")
              .expected(TOKEN, "\"" + text + "\""));
    }
  }
}
