package io.wattle.controlplane.plan;

import io.wattle.controlplane.manifest.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One entry of a spread.
 *
 * @param requirements labels a host must have, exactly
 * @param instances how many; of a daemon scaler, how many on each eligible host
 */
public record Share(String name, Map<String, String> requirements, long instances) {
  /** Name of the only entry when a manifest names none. */
  public static final String DEFAULT = "default";

  public Share {
    requirements = Map.copyOf(requirements);
  }

  boolean allows(ObservedHost host) {
    for (Map.Entry<String, String> required : requirements.entrySet()) {
      if (!required.getValue().equals(host.labels().get(required.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /** Which labels nobody has. */
  String missing(List<ObservedHost> hosts) {
    return "No host of %d has the label(s) %s."
        .formatted(
            hosts.size(),
            String.join(
                ", ",
                new TreeMap<>(requirements)
                    .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
  }

  /**
   * Divides instances by weight: the whole part of each share, and the rest one by one from the
   * heaviest on. In the order of the manifest.
   */
  static List<Share> divide(long instances, List<Manifest.Spread> spread) {
    if (spread.isEmpty()) {
      return List.of(new Share(DEFAULT, Map.of(), instances));
    }
    long sum = spread.stream().mapToLong(Manifest.Spread::weight).sum();
    List<Integer> heaviest = new ArrayList<>();
    long[] counts = new long[spread.size()];
    long rest = instances;
    for (int i = 0; i < counts.length; i++) {
      heaviest.add(i);
      // Without any weight all are equal. Both factors are below 2^32, so their product fits
      // without a sign.
      counts[i] =
          sum == 0
              ? instances / counts.length
              : Long.divideUnsigned(instances * spread.get(i).weight(), sum);
      rest -= counts[i];
    }
    heaviest.sort(Comparator.comparingLong((Integer i) -> -spread.get(i).weight()));
    for (int i = 0; rest > 0; i = (i + 1) % counts.length, rest--) {
      counts[heaviest.get(i)]++;
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      Manifest.Spread entry = spread.get(i);
      shares.add(new Share(entry.name(), entry.requirements(), counts[i]));
    }
    return List.copyOf(shares);
  }

  /** Of a daemon scaler: the same count everywhere. */
  static List<Share> everywhere(long instances, List<Manifest.Spread> spread) {
    return spread.isEmpty()
        ? divide(instances, spread)
        : spread.stream().map(s -> new Share(s.name(), s.requirements(), instances)).toList();
  }
}
