package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One part of an application and how it stands.
 *
 * @param kind {@code component}, {@code provider}, {@code link}, {@code config}
 * @param status as wadm's: {@code deployed}, {@code reconciling}, {@code failed} ...
 */
public record AppItem(String kind, String name, String status, String message) {
  /** Whether it is as wanted. */
  public boolean deployed() {
    return status.equals("deployed");
  }

  /** The parts in a {@code Status}. */
  public static List<AppItem> of(JsonNode status) {
    List<AppItem> items = new ArrayList<>();
    for (JsonNode scaler : status.path("scalers")) {
      JsonNode state = scaler.path("status");
      items.add(
          new AppItem(
              kind(scaler),
              scaler.path("name").asText(),
              state.path("type").asText(),
              state.path("message").asText("")));
    }
    return items;
  }

  /** Ours say what they are; wadm's have the name of its scaler. */
  private static String kind(JsonNode scaler) {
    String what = scaler.path("subject").asText("");
    if (!what.isEmpty()) {
      return what;
    }
    String kind = scaler.path("kind").asText();
    if (kind.startsWith("Provider")) {
      return "provider";
    }
    return kind.equals("SpreadScaler") || kind.equals("DaemonScaler")
        ? "component"
        : kind.replace("Scaler", "").toLowerCase(Locale.ROOT);
  }

  /** {@code 1/1 component, 2/2 providers, 2/2 links}. */
  public static String count(List<AppItem> items) {
    List<String> parts = new ArrayList<>();
    for (String kind : List.of("component", "provider", "link", "config", "secret")) {
      List<AppItem> some = items.stream().filter(item -> item.kind().equals(kind)).toList();
      if (!some.isEmpty()) {
        long good = some.stream().filter(AppItem::deployed).count();
        parts.add(good + "/" + some.size() + " " + kind + (some.size() == 1 ? "" : "s"));
      }
    }
    return String.join(", ", parts);
  }
}
