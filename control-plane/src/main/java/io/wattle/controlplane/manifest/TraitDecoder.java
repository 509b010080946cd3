package io.wattle.controlplane.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Traits. wadm takes a trait for what its properties look like, whatever its type says: first as a
 * link, then as a scaler, then as something it does not know. The type then decides whether that is
 * right.
 */
final class TraitDecoder {
  private static final Set<String> SCALERS = Set.of("spreadscaler", "daemonscaler");
  private static final Set<String> TYPES = Set.of("spreadscaler", "daemonscaler", "link");
  private static final long MAX_COUNT = 0xFFFF_FFFFL;

  private final List<Problem> problems;

  TraitDecoder(List<Problem> problems) {
    this.problems = problems;
  }

  Manifest.Trait decode(Place place, Tree tree) {
    FieldReader reader = FieldReader.of(place, tree, problems);
    String type = reader.text("type");
    Tree properties = reader.value("properties");
    Place at = reader.placeOf("properties");
    boolean given = reader.has("properties");
    reader.denyOthers();
    if (properties == null) {
      if (!given || TYPES.contains(type)) {
        reader.missing("properties", "an object with the trait's fields");
      }
      return new Manifest.OtherTrait(place, type);
    }
    return classify(place, type, at, properties);
  }

  private Manifest.Trait classify(Place place, String type, Place at, Tree properties) {
    List<Problem> asLink = new ArrayList<>();
    Manifest.Link link = new LinkDecoder(asLink).decode(at, properties);
    if (accepted(asLink)) {
      problems.addAll(asLink);
      if (SCALERS.contains(type)) {
        problems.add(
            Problem.warning(0, place, "a " + type + " with the fields of a link scales nothing")
                .hint("set its type to link"));
      }
      return new Manifest.LinkTrait(place, type, link);
    }
    List<Problem> asScaler = new ArrayList<>();
    Manifest.ScalerTrait scaler = scaler(place, type, at, properties, asScaler);
    if (accepted(asScaler)) {
      if (type.equals("link")) {
        problems.add(
            Problem.error(15, place, "a link with the fields of a scaler")
                .hint("set its type to spreadscaler, or give it the fields of a link")
                .wadm(15, custom("Link", properties)));
      }
      return scaler;
    }
    if (type.equals("link")) {
      refuse(asLink, linkRule(properties), linkMessage(properties));
    } else if (SCALERS.contains(type)) {
      refuse(asScaler, 16, custom("Scaler", properties));
    } else {
      String near = Nearest.to(type, TYPES);
      problems.add(
          Problem.warning(0, place, "trait type \"" + type + "\" has no effect")
              .hint(near == null ? null : "did you mean \"" + near + "\"?"));
    }
    return new Manifest.OtherTrait(place, type);
  }

  private static boolean accepted(List<Problem> found) {
    return found.stream().noneMatch(Problem::isError);
  }

  private void refuse(List<Problem> found, int rule, String wadm) {
    found.stream().map(p -> p.isError() ? p.wadm(rule, wadm) : p).forEach(problems::add);
  }

  private static String custom(String what, Tree properties) {
    return what
        + " trait deserialized as custom trait, ensure fields are correct: "
        + TreeJson.of(properties);
  }

  private static @Nullable Tree field(Tree tree, String key) {
    return tree instanceof Tree.Fields fields
        ? fields.fields().stream()
            .filter(f -> f.key().equals(key))
            .map(Tree.Field::value)
            .findFirst()
            .orElse(null)
        : null;
  }

  private static int linkRule(Tree properties) {
    Tree target = field(properties, "target");
    return target == null ? 9 : field(target, "name") == null ? 10 : 15;
  }

  private static String linkMessage(Tree properties) {
    return switch (linkRule(properties)) {
      case 9 -> "custom link is missing 'target' property";
      case 10 -> "custom link is missing 'target' name property";
      default -> custom("Link", properties);
    };
  }

  private static Manifest.ScalerTrait scaler(
      Place place, String type, Place at, Tree properties, List<Problem> found) {
    FieldReader reader = FieldReader.of(at, properties, found);
    String key = reader.has("replicas") && !reader.has("instances") ? "replicas" : "instances";
    long instances = reader.count(key, MAX_COUNT);
    List<Manifest.Spread> spread =
        reader.list("spread", (where, tree) -> spread(where, tree, found));
    reader.denyOthers();
    return new Manifest.ScalerTrait(place, type, instances, spread);
  }

  private static Manifest.Spread spread(Place place, Tree tree, List<Problem> found) {
    FieldReader reader = FieldReader.of(place, tree, found);
    String name = reader.text("name");
    Map<String, String> requirements =
        Objects.requireNonNullElse(reader.optionalStrings("requirements", false), Map.of());
    Long weight = reader.optionalCount("weight", MAX_COUNT);
    reader.denyOthers();
    return new Manifest.Spread(
        place,
        name,
        requirements,
        weight == null ? Manifest.Spread.DEFAULT_WEIGHT : weight.longValue());
  }

  Manifest.Config config(Place place, Tree tree) {
    return LinkDecoder.config(place, tree, problems);
  }

  Manifest.Secret secret(Place place, Tree tree) {
    return LinkDecoder.secret(place, tree, problems);
  }
}
