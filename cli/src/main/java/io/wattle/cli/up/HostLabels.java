package io.wattle.cli.up;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.KeyValues;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels of the hosts that {@code up} starts.
 *
 * @param all of every host
 * @param each further ones by the number of the host, from 1 on; they win
 */
record HostLabels(Map<String, String> all, Map<Integer, Map<String, String>> each) {
  HostLabels {
    all = Map.copyOf(all);
    each = Map.copyOf(each);
  }

  /**
   * Reads {@code --label KEY=VALUE} and {@code --host-label N:KEY=VALUE}.
   *
   * @param hosts how many there are
   */
  static HostLabels parse(List<String> labels, List<String> hostLabels, int hosts)
      throws CommandException {
    Map<Integer, Map<String, String>> each = new HashMap<>();
    for (String label : hostLabels) {
      int colon = label.indexOf(':');
      int number = colon < 1 ? -1 : number(label.substring(0, colon));
      if (number < 1 || number > hosts) {
        throw CommandException.usage(
            "--host-label: \"%s\" (expected: N:KEY=VALUE, with N from 1 to %d, as --hosts says)"
                .formatted(label, hosts));
      }
      each.computeIfAbsent(number, n -> new HashMap<>())
          .putAll(KeyValues.parse("--host-label", List.of(label.substring(colon + 1))));
    }
    return new HostLabels(KeyValues.parse("--label", labels), each);
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** All labels of a host. */
  Map<String, String> of(int number) {
    Map<String, String> labels = new LinkedHashMap<>(all);
    labels.putAll(each.getOrDefault(number, Map.of()));
    return labels;
  }
}
