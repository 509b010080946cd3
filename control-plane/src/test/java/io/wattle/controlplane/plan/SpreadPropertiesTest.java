package io.wattle.controlplane.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold for any spread over any hosts, whoever comes, goes, refuses and comes back: it
 * converges, nothing is there twice, the sum is what was asked for, and nothing moves without need.
 * The seed is the test's name.
 */
final class SpreadPropertiesTest {
  private static final List<String> ZONES = List.of("a", "b", "c");
  private final SimulatedLattice lattice = new SimulatedLattice();
  private int made;

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  private String join(Random random) {
    return join(ZONES.get(random.nextInt(3)), random);
  }

  private String join(String zone, Random random) {
    String id = "h%02d".formatted(made++);
    lattice.host(id, "zone", zone, "disk", random.nextBoolean() ? "ssd" : "hdd");
    return id;
  }

  /** Entries that no host fits two of. */
  private static String byZone(Random random) {
    List<String> entries = new ArrayList<>();
    for (String zone : ZONES) {
      entries.add(
          "{name: %s, requirements: {zone: %s}, weight: %d}"
              .formatted(zone, zone, random.nextInt(100)));
    }
    return entries.toString();
  }

  private Map<String, Map<String, Long>> zones() {
    Map<String, Map<String, Long>> zones = new TreeMap<>();
    lattice
        .counts("one-c")
        .forEach(
            (host, count) ->
                zones.computeIfAbsent(zone(host), z -> new TreeMap<>()).put(host, count));
    return zones;
  }

  private String zone(String host) {
    return lattice.at(host).labels.getOrDefault("zone", "");
  }

  private List<String> inZone(String zone) {
    return lattice.hosts.keySet().stream().filter(id -> zone(id).equals(zone)).toList();
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<String, Long> shares(DesiredApp app) {
    return ((DesiredItem.Workload) app.items().get(0))
        .shares().stream()
            .filter(s -> s.instances() > 0)
            .collect(Collectors.toMap(Share::name, Share::instances, Long::sum, TreeMap::new));
  }

  private void assertSums(DesiredApp app) {
    Map<String, Long> sums = new TreeMap<>();
    zones().forEach((zone, counts) -> sums.put(zone, sum(counts)));
    assertThat(sums).isEqualTo(shares(app));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void instancesAreDividedByWeightAndEvenlyInEachPlace(long seed) {
    Random random = new Random(seed);
    ZONES.forEach(zone -> join(zone, random));
    random.ints(random.nextInt(6), 0, 3).forEach(z -> join(ZONES.get(z), random));
    long instances = random.nextInt(60);
    DesiredApp app = Apps.app(Apps.spread(instances, byZone(random)));
    lattice.settle(app);
    assertSums(app);
    assertThat(sum(lattice.counts("one-c"))).isEqualTo(instances);
    zones()
        .forEach(
            (zone, counts) -> {
              long hosts = inZone(zone).size();
              long least =
                  counts.size() < hosts
                      ? 0
                      : counts.values().stream().mapToLong(Long::longValue).min().orElse(0);
              assertThat(counts.values()).allMatch(c -> c - least <= 1);
            });
    assertThat(lattice.done)
        .as("one command for each host")
        .hasSize(lattice.counts("one-c").size());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingMovesWithoutNeed(long seed) {
    Random random = new Random(seed);
    ZONES.forEach(zone -> join(zone, random));
    ZONES.forEach(zone -> join(zone, random));
    String spread = byZone(random);
    DesiredApp app = Apps.app(Apps.spread(random.nextInt(40), spread));
    lattice.settle(app);
    for (int step = 0; step < 8; step++) {
      Map<String, Long> before = lattice.counts("one-c");
      lattice.done.clear();
      switch (random.nextInt(3)) {
        case 0 -> {
          join(random);
          lattice.settle(app);
          assertThat(lattice.done).as("a host joined").isEmpty();
        }
        case 1 -> {
          List<String> spare =
              lattice.hosts.keySet().stream().filter(id -> inZone(zone(id)).size() > 1).toList();
          if (spare.isEmpty()) {
            continue;
          }
          String gone = spare.get(random.nextInt(spare.size()));
          lattice.hosts.remove(gone);
          lattice.settle(app);
          long lost = before.getOrDefault(gone, 0L);
          assertThat(moved(before, lattice.counts("one-c"), gone)).isEqualTo(List.of(lost, 0L));
        }
        default -> {
          DesiredApp next = Apps.app(Apps.spread(random.nextInt(40), spread));
          Map<String, Long> from = shares(app);
          Map<String, Long> to = shares(next);
          lattice.settle(next);
          long more = 0;
          long less = 0;
          for (String zone : ZONES) {
            long change = to.getOrDefault(zone, 0L) - from.getOrDefault(zone, 0L);
            more += Math.max(change, 0);
            less += Math.max(-change, 0);
          }
          assertThat(moved(before, lattice.counts("one-c"), "")).isEqualTo(List.of(more, less));
          app = next;
        }
      }
      assertSums(app);
    }
  }

  /** How many instances came to hosts, and how many left hosts that are still there. */
  private static List<Long> moved(Map<String, Long> before, Map<String, Long> after, String gone) {
    Map<String, Long> change = new HashMap<>();
    after.forEach((host, count) -> change.merge(host, count, Long::sum));
    before.forEach((host, count) -> change.merge(host, -count, Long::sum));
    change.remove(gone);
    long came = change.values().stream().filter(c -> c > 0).mapToLong(Long::longValue).sum();
    long left = -change.values().stream().filter(c -> c < 0).mapToLong(Long::longValue).sum();
    return List.of(came, left);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void hostsThatComeBackLeaveNoDoubles(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 4; i++) {
      join("a", random);
    }
    int instances = 1 + random.nextInt(20);
    int providers = 1 + random.nextInt(3);
    DesiredApp component = Apps.app(Apps.spread(instances, "[]"));
    DesiredApp provider =
        Apps.app(Apps.provider(providers, "[]").replace("{name: one}", "{name: two}"));
    lattice.settle(component, provider);
    Map<String, SimulatedLattice.Host> away = new TreeMap<>();
    for (int step = 0; step < 8; step++) {
      if (away.isEmpty() || (random.nextBoolean() && lattice.hosts.size() > 3)) {
        String id =
            lattice.hosts.keySet().stream()
                .skip(random.nextInt(lattice.hosts.size()))
                .findFirst()
                .orElseThrow();
        away.put(id, lattice.at(id));
        lattice.hosts.remove(id);
      } else {
        // With all that ran on it when it was cut off.
        lattice.hosts.putAll(away);
        away.clear();
      }
      lattice.settle(component, provider);
      assertThat(sum(lattice.counts("one-c"))).isEqualTo(instances);
      assertThat(lattice.hosts.values().stream().filter(h -> h.providers.containsKey("two-c")))
          .hasSize(Math.min(providers, lattice.hosts.size()));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void hostsThatRefuseAreLeftOutAsLongAsOthersFit(long seed) {
    Random random = new Random(seed);
    int hosts = 2 + random.nextInt(5);
    for (int i = 0; i < hosts; i++) {
      join("a", random);
    }
    String good = "h%02d".formatted(random.nextInt(hosts));
    lattice.fails =
        action ->
            switch (action) {
              case Action.ScaleComponent scale ->
                  !scale.hostId().equals(good) && scale.hostId().hashCode() % 2 == seed % 2;
              case Action.StartProvider start ->
                  !start.hostId().equals(good) && start.hostId().hashCode() % 2 == seed % 2;
              default -> false;
            };
    int instances = 1 + random.nextInt(20);
    DesiredApp component = Apps.app(Apps.spread(instances, "[]"));
    DesiredApp provider = Apps.app(Apps.provider(1, "[]").replace("{name: one}", "{name: two}"));
    Plan last = lattice.settle(component, provider);
    assertThat(sum(lattice.counts("one-c"))).isEqualTo(instances);
    assertThat(last.apps()).allMatch(a -> a.type() == StatusType.DEPLOYED);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void overlappingEntriesConvergeAndNeverExceedTheSum(long seed) {
    Random random = new Random(seed);
    int hosts = 1 + random.nextInt(6);
    for (int i = 0; i < hosts; i++) {
      join(random);
    }
    String spread =
        "[{name: z, requirements: {zone: %s}, weight: %d}, {name: s, requirements: {disk: ssd}, weight: %d}, {name: any, weight: %d}]"
            .formatted(
                ZONES.get(random.nextInt(3)),
                random.nextInt(5),
                1 + random.nextInt(5),
                random.nextInt(5));
    long instances = random.nextInt(30);
    DesiredApp app = Apps.app(Apps.spread(instances, spread));
    for (int step = 0; step < 4; step++) {
      Plan plan = lattice.round(app);
      for (int i = 0; i < 50 && !plan.actions().isEmpty(); i++) {
        lattice.now = lattice.now.plusSeconds(2);
        plan = lattice.round(app);
      }
      assertThat(plan.actions()).as("nothing is left to do").isEmpty();
      long sum = sum(lattice.counts("one-c"));
      boolean failed = plan.apps().get(0).type() == StatusType.FAILED;
      assertThat(sum).isLessThanOrEqualTo(instances);
      assertThat(sum == instances).as(plan.apps().get(0).message()).isNotEqualTo(failed);
      if (random.nextBoolean() || lattice.hosts.size() == 1) {
        join(random);
      } else {
        lattice.hosts.remove(lattice.hosts.keySet().iterator().next());
      }
    }
  }
}
