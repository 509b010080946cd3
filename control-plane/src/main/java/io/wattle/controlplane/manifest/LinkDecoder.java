package io.wattle.controlplane.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a link, in today's form and in the flat one before it; also configurations and
 * secrets.
 */
final class LinkDecoder {
  private final List<Problem> problems;

  LinkDecoder(List<Problem> problems) {
    this.problems = problems;
  }

  Manifest.Link decode(Place place, Tree tree) {
    FieldReader reader = FieldReader.of(place, tree, problems);
    String namespace = reader.text("namespace");
    String witPackage = reader.text("package");
    reader.require("interfaces", "a list of interface names");
    List<String> interfaces = reader.texts("interfaces");
    String name = reader.optionalText("name");

    Tree target = reader.value("target");
    List<Manifest.Config> flatTarget = flat(reader, "target_config", "target");
    List<Manifest.Config> flatSource = flat(reader, "source_config", "source");
    String targetName = "";
    Manifest.Endpoint targetSide = new Manifest.Endpoint(flatTarget, List.of());
    if (target instanceof Tree.Fields) {
      FieldReader inner = FieldReader.of(reader.placeOf("target"), target, problems);
      targetName = inner.text("name");
      targetSide = endpoint(inner);
      inner.warnOfOthers();
    } else if (target != null) {
      String text = reader.optionalText("target");
      targetName = text == null ? "" : text;
    }
    Tree source = reader.value("source");
    Manifest.Endpoint sourceSide = new Manifest.Endpoint(flatSource, List.of());
    if (source != null) {
      FieldReader inner = FieldReader.of(reader.placeOf("source"), source, problems);
      sourceSide = endpoint(inner);
      inner.value("name");
      inner.warnOfOthers();
    }
    reader.warnOfOthers();
    return new Manifest.Link(
        place, name, targetName, namespace, witPackage, interfaces, sourceSide, targetSide);
  }

  private List<Manifest.Config> flat(FieldReader reader, String key, String now) {
    List<Manifest.Config> configs = reader.list(key, (at, tree) -> config(at, tree, problems));
    if (reader.has(key)) {
      problems.add(
          Problem.warning(key.equals("source_config") ? 24 : 25, reader.placeOf(key), "old form")
              .hint("write it as " + now + ": {config: [...]}")
              .wadm(
                  key.equals("source_config") ? 24 : 25,
                  "one of the components' link trait contains a %s key, please use %s:config: rather"
                      .formatted(key, now)));
    }
    return configs;
  }

  private Manifest.Endpoint endpoint(FieldReader reader) {
    return new Manifest.Endpoint(
        reader.list("config", (at, tree) -> config(at, tree, problems)),
        reader.list("secrets", (at, tree) -> secret(at, tree, problems)));
  }

  static Manifest.Config config(Place place, Tree tree, List<Problem> problems) {
    FieldReader reader = FieldReader.of(place, tree, problems);
    Manifest.Config config =
        new Manifest.Config(
            place, reader.text("name"), reader.optionalStrings("properties", false));
    reader.denyOthers();
    return config;
  }

  static Manifest.Secret secret(Place place, Tree tree, List<Problem> problems) {
    FieldReader reader = FieldReader.of(place, tree, problems);
    String name = reader.text("name");
    @Nullable Tree properties = reader.value("properties");
    if (properties == null) {
      reader.missing("properties", "policy and key");
      return new Manifest.Secret(place, name, "", "", null, null);
    }
    FieldReader inner = FieldReader.of(reader.placeOf("properties"), properties, problems);
    Manifest.Secret secret =
        new Manifest.Secret(
            place,
            name,
            inner.text("policy"),
            inner.text("key"),
            inner.optionalText("field"),
            inner.optionalText("version"));
    inner.warnOfOthers();
    reader.warnOfOthers();
    return secret;
  }
}
