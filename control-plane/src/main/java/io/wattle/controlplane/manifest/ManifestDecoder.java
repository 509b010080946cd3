package io.wattle.controlplane.manifest;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tree to a {@link Manifest}: which fields there are, which must be there, and of what type. */
final class ManifestDecoder {
  private final List<Problem> problems;
  private final TraitDecoder traits;

  ManifestDecoder(List<Problem> problems) {
    this.problems = problems;
    this.traits = new TraitDecoder(problems);
  }

  Manifest decode(Tree document) {
    FieldReader root = FieldReader.of(new Place("", document.at()), document, problems);
    String apiVersion = root.text("apiVersion");
    String kind = root.text("kind");
    Manifest.Metadata metadata = metadata(root);
    FieldReader spec = child(root, "spec");
    List<Manifest.Component> components = List.of();
    List<Manifest.Policy> policies = List.of();
    if (spec != null) {
      spec.require("components", "a list of components");
      components = spec.list("components", this::component);
      policies = spec.list("policies", this::policy);
      spec.warnOfOthers();
    }
    root.denyOthers();
    return new Manifest(apiVersion, kind, metadata, components, policies);
  }

  private @Nullable FieldReader child(FieldReader parent, String key) {
    Tree value = parent.value(key);
    if (value == null) {
      parent.missing(key, "an object with fields");
      return null;
    }
    return FieldReader.of(parent.placeOf(key), value, problems);
  }

  private Manifest.Metadata metadata(FieldReader root) {
    FieldReader reader = child(root, "metadata");
    if (reader == null) {
      return new Manifest.Metadata(Place.DOCUMENT, "", Map.of(), Map.of());
    }
    String name = reader.text("name");
    // wadm demands annotations and then forgets empty ones when it writes; none is as good as
    // empty.
    Map<String, String> annotations =
        Objects.requireNonNullElse(reader.optionalStrings("annotations", true), Map.of());
    Map<String, String> labels =
        Objects.requireNonNullElse(reader.optionalStrings("labels", true), Map.of());
    reader.warnOfOthers();
    return new Manifest.Metadata(reader.placeOf("name"), name, annotations, labels);
  }

  private Manifest.Policy policy(Place place, Tree tree) {
    FieldReader reader = FieldReader.of(place, tree, problems);
    String name = reader.text("name");
    String type = reader.text("type");
    reader.require("properties", "text to text");
    Map<String, String> properties =
        Objects.requireNonNullElse(reader.optionalStrings("properties", true), Map.of());
    reader.warnOfOthers();
    return new Manifest.Policy(place, name, type, properties);
  }

  private Manifest.Component component(Place place, Tree tree) {
    FieldReader reader = FieldReader.of(place, tree, problems);
    String name = reader.text("name");
    Manifest.ComponentType type = type(reader);
    FieldReader properties = child(reader, "properties");
    Manifest.Properties decoded =
        properties == null
            ? new Manifest.Properties(place, null, null, null, List.of(), List.of())
            : properties(properties);
    List<Manifest.Trait> decodedTraits = reader.list("traits", traits::decode);
    reader.warnOfOthers();
    return new Manifest.Component(reader.placeOf("name"), name, type, decoded, decodedTraits);
  }

  private Manifest.ComponentType type(FieldReader reader) {
    String type = reader.optionalText("type");
    if ("capability".equals(type)) {
      return Manifest.ComponentType.CAPABILITY;
    }
    if (!"component".equals(type) && !"actor".equals(type)) {
      if (type == null) {
        reader.missing("type", "component or capability");
      } else if (!type.isEmpty()) {
        problems.add(
            Problem.error(0, reader.placeOf("type"), "unknown component type")
                .expected("component or capability", type));
      }
    }
    return Manifest.ComponentType.COMPONENT;
  }

  private Manifest.Properties properties(FieldReader reader) {
    String image = reader.optionalText("image");
    Tree application = reader.value("application");
    Manifest.SharedApplication shared =
        application == null ? null : shared(reader.placeOf("application"), application);
    String id = reader.optionalText("id");
    List<Manifest.Config> config = reader.list("config", traits::config);
    List<Manifest.Secret> secrets = reader.list("secrets", traits::secret);
    reader.denyOthers();
    return new Manifest.Properties(reader.place(), image, shared, id, config, secrets);
  }

  private Manifest.SharedApplication shared(Place place, Tree tree) {
    FieldReader reader = FieldReader.of(place, tree, problems);
    Manifest.SharedApplication shared =
        new Manifest.SharedApplication(reader.text("name"), reader.text("component"));
    reader.warnOfOthers();
    return shared;
  }
}
