package io.wattle.controlplane.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Shortcuts for tests. */
final class Parsing {
  private Parsing() {}

  static String resource(String name) throws IOException {
    try (InputStream in = Parsing.class.getResourceAsStream("/manifests/" + name)) {
      if (in == null) {
        throw new IOException("no test resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static ParsedManifest.Accepted accepted(String yaml) {
    ParsedManifest parsed = ManifestParser.parse(yaml, Format.YAML);
    if (parsed instanceof ParsedManifest.Accepted accepted) {
      return accepted;
    }
    throw new AssertionError("refused: " + parsed.problems());
  }

  static ParsedManifest.Rejected rejected(String yaml) {
    ParsedManifest parsed = ManifestParser.parse(yaml, Format.YAML);
    if (parsed instanceof ParsedManifest.Rejected rejected) {
      return rejected;
    }
    throw new AssertionError("accepted, with " + parsed.problems());
  }

  /** An application of these components, each given from its dash on, without indentation. */
  static String app(String... components) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata:
              name: app
            spec:
              components:
            """);
    for (String component : components) {
      component.lines().forEach(line -> text.append("    ").append(line).append('\n'));
    }
    return components.length == 0
        ? text.toString().replace("components:", "components: []")
        : text.toString();
  }

  static String component(String name, String... traits) {
    return part("component", name, "image: example/" + name, traits);
  }

  static String provider(String name, String... traits) {
    return part("capability", name, "image: example/" + name, traits);
  }

  static String part(String type, String name, String properties, String... traits) {
    StringBuilder text =
        new StringBuilder("- name: %s\n  type: %s\n  properties:\n".formatted(name, type));
    properties.lines().forEach(line -> text.append("    ").append(line).append('\n'));
    if (traits.length > 0) {
      text.append("  traits:\n");
    }
    for (String trait : traits) {
      trait.lines().forEach(line -> text.append("    ").append(line).append('\n'));
    }
    return text.toString();
  }

  static String spread(long instances) {
    return "- type: spreadscaler\n  properties: {instances: %d}".formatted(instances);
  }

  static String link(String target, String witPackage, String... interfaces) {
    return "- type: link\n  properties: {target: {name: %s}, namespace: wasi, package: %s, interfaces: %s}"
        .formatted(target, witPackage, List.of(interfaces));
  }
}
