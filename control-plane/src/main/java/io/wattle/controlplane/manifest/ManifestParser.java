package io.wattle.controlplane.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Text to a manifest, or to everything that is wrong with it. */
public final class ManifestParser {
  private static final int MAX_PROBLEMS = 200;

  private ManifestParser() {}

  /**
   * Reads and checks a manifest. Never throws for what the text says; what cannot be read at all is
   * one problem, what can be read is checked to the end.
   */
  public static ParsedManifest parse(String text, Format format) {
    List<Problem> problems = new ArrayList<>();
    try {
      Tree tree = TreeReader.read(text, format);
      Manifest manifest = new ManifestDecoder(problems).decode(tree);
      Validator.validate(manifest, problems);
      List<Problem> sorted =
          problems.stream().sorted(Comparator.comparing(Problem::at, BY_PLACE)).toList();
      if (problems.stream().anyMatch(Problem::isError)) {
        return new ParsedManifest.Rejected(wadmMessage(manifest, problems), cut(sorted));
      }
      return new ParsedManifest.Accepted(manifest, document(tree, manifest), cut(sorted));
    } catch (ManifestSyntaxException e) {
      Problem problem = Problem.error(0, new Place("", e.at()), e.text());
      return new ParsedManifest.Rejected(unreadable(problem), List.of(problem));
    }
  }

  private static final Comparator<Position> BY_PLACE =
      Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

  private static List<Problem> cut(List<Problem> problems) {
    return problems.size() <= MAX_PROBLEMS ? problems : problems.subList(0, MAX_PROBLEMS);
  }

  private static String unreadable(Problem problem) {
    return "Unable to parse manifest: " + problem.describe() + " at " + problem.at();
  }

  /** wadm's server checks in a certain order and answers the first error only. */
  private static String wadmMessage(Manifest manifest, List<Problem> problems) {
    Problem first =
        problems.stream()
            .filter(Problem::isError)
            .min(Comparator.comparingInt(ManifestParser::turn))
            .orElseThrow();
    return switch (first.rule()) {
      case 0 -> unreadable(first);
      case 1 ->
          "Manifest name %s contains invalid characters. Manifest names can only contain alphanumeric characters, dashes, and underscores."
              .formatted(manifest.name());
      case 2 -> "invalid manifest version, errors: \"latest is not allowed in wadm\"";
      default -> first.wadmMessage();
    };
  }

  /** The server looks at the version before it looks at the name. */
  private static int turn(Problem problem) {
    return switch (problem.rule()) {
      case 1 -> 2;
      case 2 -> 1;
      default -> problem.rule();
    };
  }

  /**
   * The document with the two things a wadm client cannot do without: text in annotations,
   * requirements in spreads.
   */
  private static ObjectNode document(Tree tree, Manifest manifest) {
    ObjectNode document = (ObjectNode) TreeJson.of(tree);
    ObjectNode metadata = (ObjectNode) document.get("metadata");
    texts(metadata.putObject("annotations"), manifest.metadata().annotations());
    if (metadata.has("labels")) {
      texts(metadata.putObject("labels"), manifest.metadata().labels());
    }
    JsonNode policies = document.path("spec").path("policies");
    for (int i = 0; i < policies.size(); i++) {
      texts(
          ((ObjectNode) policies.get(i)).putObject("properties"),
          manifest.policies().get(i).properties());
    }
    for (JsonNode component : document.path("spec").path("components")) {
      for (JsonNode trait : component.path("traits")) {
        for (JsonNode spread : trait.path("properties").path("spread")) {
          if (spread instanceof ObjectNode entry && !entry.hasNonNull("requirements")) {
            entry.putObject("requirements");
          }
        }
      }
    }
    return document;
  }

  private static void texts(ObjectNode object, Map<String, String> values) {
    new TreeMap<>(values).forEach(object::put);
  }
}
