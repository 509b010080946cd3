package io.wattle.host.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stored claims as the control interface tells them: text only, with the short and the long name of
 * each field (sections 2.13, 4.2 of the lattice reference). This host stores none, for it runs
 * unsigned components; those of other hosts in the lattice are there all the same.
 */
final class ClaimsAnswer {
  private static final Map<String, String> LONG_NAMES =
      Map.of("iss", "issuer", "rev", "revision", "sub", "subject");

  private ClaimsAnswer() {}

  static List<Map<String, String>> of(Collection<JsonNode> stored) {
    List<Map<String, String>> answer = new ArrayList<>();
    for (JsonNode claims : stored) {
      Map<String, String> text = new LinkedHashMap<>();
      claims.properties().forEach(field -> text.put(field.getKey(), text(field.getValue())));
      LONG_NAMES.forEach(
          (shorter, longer) -> {
            String value = text.getOrDefault(longer, text.getOrDefault(shorter, ""));
            text.put(shorter, value);
            text.put(longer, value);
          });
      answer.add(text);
    }
    return answer;
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(part.asText()));
      return String.join(",", parts);
    }
    return value.isContainerNode() ? value.toString() : value.isNull() ? "" : value.asText();
  }
}
