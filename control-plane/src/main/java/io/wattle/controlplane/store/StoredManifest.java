package io.wattle.controlplane.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.controlplane.manifest.Format;
import io.wattle.controlplane.manifest.Manifest;
import io.wattle.controlplane.manifest.ManifestParser;
import io.wattle.controlplane.manifest.ParsedManifest;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * A manifest as it is kept.
 *
 * @param document with every field its author wrote
 */
public record StoredManifest(Manifest manifest, ObjectNode document) {
  static StoredManifest read(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    return switch (ManifestParser.parse(text, Format.JSON)) {
      case ParsedManifest.Accepted a -> new StoredManifest(a.manifest(), a.document());
      case ParsedManifest.Rejected r ->
          throw new LatticeException(
              LatticeException.Kind.MALFORMED, "a stored manifest: " + r.wadmMessage());
    };
  }

  byte[] bytes() {
    return Json.write(document);
  }

  /** The same for the same content, in whatever order its fields were written. */
  String digest() {
    try {
      byte[] canonical = Json.write(sorted(document));
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Object sorted(JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, Object> fields = new TreeMap<>();
      node.properties().forEach(e -> fields.put(e.getKey(), sorted(e.getValue())));
      return fields;
    }
    if (node.isArray()) {
      java.util.List<Object> items = new java.util.ArrayList<>();
      node.forEach(item -> items.add(sorted(item)));
      return items;
    }
    return node;
  }
}
