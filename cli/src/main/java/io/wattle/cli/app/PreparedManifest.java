package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ImageRefs;
import io.wattle.cli.base.Json;
import io.wattle.controlplane.manifest.Manifest;
import io.wattle.controlplane.manifest.ManifestParser;
import io.wattle.controlplane.manifest.ParsedManifest;
import io.wattle.controlplane.manifest.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A valid manifest, ready to be sent: image overrides applied, relative {@code file://} references
 * made absolute.
 *
 * @param warnings what is doubtful in it
 */
public record PreparedManifest(Manifest manifest, ObjectNode document, List<String> warnings) {
  public PreparedManifest {
    warnings = List.copyOf(warnings);
  }

  /**
   * Checks and prepares.
   *
   * @param images references that take the place of those of components with these names
   * @throws CommandException with every problem, when the manifest is not valid
   */
  public static PreparedManifest of(ManifestSource source, Map<String, String> images)
      throws CommandException {
    return switch (ManifestParser.parse(source.text(), source.format())) {
      case ParsedManifest.Rejected rejected -> throw invalid(source, rejected.problems());
      case ParsedManifest.Accepted accepted -> {
        ObjectNode document = accepted.document().deepCopy();
        override(document, images);
        absoluteReferences(document, source.folder());
        yield new PreparedManifest(
            accepted.manifest(), document, lines(source, accepted.problems()));
      }
    };
  }

  /** All problems as a failure. */
  static CommandException invalid(ManifestSource source, List<Problem> problems) {
    long errors = problems.stream().filter(Problem::isError).count();
    String text =
        source.name()
            + " is not a valid manifest: "
            + errors
            + (errors == 1 ? " error" : " errors")
            + "\n  "
            + String.join("\n  ", lines(source, problems));
    return CommandException.failed(text)
        .with("valid", false)
        .with("manifest", source.name())
        .with("problems", problems.stream().map(PreparedManifest::json).toList());
  }

  /** One line for each problem. */
  static List<String> lines(ManifestSource source, List<Problem> problems) {
    return problems.stream().map(problem -> source.name() + ":" + problem).toList();
  }

  /** A problem as JSON, with stable keys. */
  static Map<String, Object> json(Problem problem) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", problem.isError() ? "error" : "warning");
    json.put("line", problem.at().line());
    json.put("column", problem.at().column());
    json.put("path", problem.path());
    json.put("message", problem.message());
    if (problem.expected() != null) {
      json.put("expected", problem.expected());
    }
    if (problem.got() != null) {
      json.put("got", problem.got());
    }
    if (problem.hint() != null) {
      json.put("hint", problem.hint());
    }
    return json;
  }

  private static void override(ObjectNode document, Map<String, String> images)
      throws CommandException {
    Map<String, String> left = new LinkedHashMap<>(images);
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode component : document.path("spec").path("components")) {
      String name = component.path("name").asText();
      names.add(name);
      String image = left.remove(name);
      if (image != null && component.path("properties") instanceof ObjectNode properties) {
        properties.put("image", ImageRefs.absolute(image, Path.of("")));
      }
    }
    if (!left.isEmpty()) {
      throw CommandException.usage(
          "--image: no component named "
              + String.join(", ", left.keySet())
              + " (expected: one of "
              + String.join(", ", names)
              + ")");
    }
  }

  /** As wash does, in every text of the document. */
  private static void absoluteReferences(JsonNode node, Path folder) throws CommandException {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : new ArrayList<>(object.properties())) {
        if (isRelative(field.getValue())) {
          object.put(field.getKey(), ImageRefs.absolute(field.getValue().asText(), folder));
        } else {
          absoluteReferences(field.getValue(), folder);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (isRelative(array.get(i))) {
          array.set(i, TextNode.valueOf(ImageRefs.absolute(array.get(i).asText(), folder)));
        } else {
          absoluteReferences(array.get(i), folder);
        }
      }
    }
  }

  private static boolean isRelative(JsonNode node) {
    return node.isTextual()
        && node.asText().startsWith("file://")
        && !node.asText().startsWith("file:///");
  }

  /** What is sent. */
  byte[] bytes() {
    return Json.compact(document).getBytes(StandardCharsets.UTF_8);
  }
}
