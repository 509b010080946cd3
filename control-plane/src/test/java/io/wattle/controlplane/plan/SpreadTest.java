package io.wattle.controlplane.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.controlplane.manifest.Manifest;
import io.wattle.controlplane.manifest.Place;
import io.wattle.controlplane.manifest.Position;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where instances go (control plane reference, sections 5.3 to 5.5 and 8.4). */
final class SpreadTest {
  private static final String THREE =
      "[{name: one, requirements: {n: \"1\"}, weight: %d}, {name: two, requirements: {n: \"2\"},"
          + " weight: %d}, {name: three, requirements: {n: \"3\"}, weight: %d}]";
  private final SimulatedLattice lattice = new SimulatedLattice();

  private static List<Long> divide(long instances, long... weights) {
    Place place = new Place("", Position.START);
    return Share.divide(
            instances,
            Arrays.stream(weights)
                .mapToObj(w -> new Manifest.Spread(place, "s" + w, Map.of(), w))
                .toList())
        .stream()
        .map(Share::instances)
        .toList();
  }

  private void running(String host, long count, String spread) {
    DesiredItem.Workload c = (DesiredItem.Workload) Apps.app(Apps.spread(1, "[]")).items().get(0);
    lattice
        .at(host)
        .component("one-c", c.image(), count, Annotations.of("one", c.scalerId(), spread));
  }

  @Test
  void weights() {
    assertThat(divide(10, 100, 100)).containsExactly(5L, 5L);
    assertThat(divide(7, 30, 40)).containsExactly(3L, 4L);
    assertThat(divide(7, 100, 100)).containsExactly(4L, 3L);
    assertThat(divide(103, 42, 3, 37, 384)).containsExactly(10L, 0L, 8L, 85L);
    assertThat(divide(412, 50, 25, 25)).containsExactly(206L, 103L, 103L);
    assertThat(divide(5, 0, 0)).containsExactly(3L, 2L);
    assertThat(divide(0xFFFF_FFFFL, 0xFFFF_FFFFL, 1)).containsExactly(0xFFFF_FFFFL, 0L);
    assertThat(divide(9001)).containsExactly(9001L);
  }

  @Test
  void levels() {
    assertThat(Level.to(5, List.of(0L, 0L))).containsExactly(3, 2);
    assertThat(Level.to(9, List.of(10L, 10L))).containsExactly(5, 4);
    assertThat(Level.to(10, List.of(7L, 1L, 0L))).containsExactly(7, 2, 1);
    assertThat(Level.to(0, List.of(7L, 1L))).containsExactly(0, 0);
    assertThat(Level.to(0xFFFF_FFFFL, List.of(0L, 3L))).containsExactly(0x8000_0000L, 0x7FFF_FFFF);
    assertThat(Level.to(3, List.of())).isEmpty();
  }

  @Test
  void scalesUpAndDown() {
    for (String n : List.of("1", "2", "3")) {
      lattice.host("h" + n, "n", n);
    }
    running("h1", 1, "one");
    running("h2", 103, "two");
    running("h3", 400, "three");
    DesiredApp app = Apps.app(Apps.spread(412, THREE.formatted(50, 25, 25)));
    assertThat(lattice.round(app).actions()).hasSize(2);
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 206L, "h2", 103L, "h3", 103L));
    assertThat(lattice.round(app).wanted()).isEmpty();
  }

  @Test
  void thirds() {
    for (String n : List.of("1", "2", "3")) {
      lattice.host("h" + n, "n", n);
    }
    running("h1", 3, "one");
    running("h2", 19, "two");
    lattice.settle(Apps.app(Apps.spread(9, THREE.formatted(33, 33, 33))));
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 3L, "h2", 3L, "h3", 3L));
  }

  @Test
  void shrinksOnBothHosts() {
    lattice.host("h1");
    lattice.host("h2");
    running("h1", 10, "default");
    running("h2", 10, "default");
    assertThat(lattice.round(Apps.app(Apps.spread(9, "[]"))).actions()).hasSize(2);
    assertThat(lattice.counts("one-c").values()).containsExactlyInAnyOrder(5L, 4L);
  }

  @Test
  void spreadsEvenlyAndStaysWhereItIsWhenAHostJoinsOrLeaves() {
    lattice.host("h1");
    lattice.host("h2");
    lattice.host("h3");
    DesiredApp app = Apps.app(Apps.spread(7, "[]"));
    lattice.settle(app);
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 3L, "h2", 2L, "h3", 2L));
    lattice.host("h4");
    assertThat(lattice.round(app).wanted()).isEmpty();
    lattice.hosts.remove("h1");
    lattice.settle(app);
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h2", 2L, "h3", 2L, "h4", 3L));
  }

  @Test
  void hostsThatDoNotFitAreLeft() {
    lattice.host("h1", "n", "1");
    lattice.host("h2", "n", "2");
    running("h2", 5, "default");
    lattice.settle(Apps.app(Apps.spread(3, "[{name: x, requirements: {n: \"1\"}}]")));
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 3L));
  }

  @Test
  void overlappingSpreadsFindEachAHost() {
    lattice.host("h1", "zone", "east", "cloud", "real");
    lattice.host("h2", "zone", "west", "cloud", "real");
    lattice.host("h3", "zone", "east");
    String spread =
        "[{name: east, requirements: {zone: east}, weight: 25}, {name: west, requirements: {zone:"
            + " west}, weight: 25}, {name: realcloud, requirements: {cloud: real}, weight: 50}]";
    running("h1", 3, "east");
    DesiredApp app = Apps.app(Apps.spread(12, spread));
    lattice.settle(app);
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 6L, "h2", 3L, "h3", 3L));

    lattice.hosts.remove("h3");
    for (int i = 0; i < 5; i++) {
      lattice.round(app);
    }
    AppStatus status = lattice.round(app).apps().get(0);
    assertThat(status.type()).isEqualTo(StatusType.FAILED);
    assertThat(status.message()).contains("Spread requirement conflict: ");
    assertThat(lattice.counts("one-c").values()).contains(3L, 6L);
  }

  @Test
  void aSpreadWithoutHostsFailsAloneAndSaysWhichLabelIsMissing() {
    lattice.host("h1", "n", "1");
    DesiredApp app = Apps.app(Apps.spread(10, THREE.formatted(50, 25, 25)));
    lattice.round(app);
    AppStatus status = lattice.round(app).apps().get(0);
    assertThat(status.type()).isEqualTo(StatusType.FAILED);
    assertThat(status.message())
        .contains("Could not satisfy spread two for file:///c.wasm, 0/1 eligible hosts found.")
        .contains("No host of 1 has the label(s) n=3.");
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 6L));
  }

  @Test
  void providersGoToAsManyHostsAsWanted() {
    lattice.host("h1");
    lattice.host("h2");
    lattice.settle(Apps.app(Apps.provider(2, "[]")));
    assertThat(lattice.hosts.values()).allMatch(h -> h.providers.containsKey("one-c"));
    DesiredApp three = Apps.app(Apps.provider(3, "[]"));
    assertThat(lattice.round(three).apps().get(0).message())
        .isEqualTo(
            "Could not satisfy spread default for file:///c.wasm, 2/3 eligible hosts found. A host"
                + " runs a provider once.");
    lattice.settle(Apps.app(Apps.provider(1, "[]")));
    assertThat(lattice.hosts.values()).filteredOn(h -> h.providers.containsKey("one-c")).hasSize(1);
  }

  @Test
  void aProviderStartedByHandCounts() {
    lattice.host("h1");
    lattice.host("h2").provider("one-c", "x", Map.of());
    DesiredApp app = Apps.app(Apps.provider(2, "[]"));
    lattice.settle(app);
    assertThat(lattice.done).hasSize(1);
    lattice.settle(Apps.app(Apps.provider(0, "[]")));
    assertThat(lattice.at("h2").providers).containsKey("one-c");
    assertThat(lattice.at("h1").providers).isEmpty();
  }

  @Test
  void daemonsRunOnEveryHost() {
    lattice.host("h1", "n", "1");
    lattice.host("h2", "n", "2");
    String daemon =
        Apps.spread(3, THREE.formatted(1, 2, 3)).replace("spreadscaler", "daemonscaler");
    lattice.round(Apps.app(daemon));
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 3L, "h2", 3L));
    lattice.host("h3", "n", "3");
    lattice.settle(Apps.app(daemon));
    assertThat(lattice.counts("one-c")).hasSize(3);
  }

  @Test
  void daemonsOfProvidersComeAndGoWithHostsAndLabels() {
    String daemon =
        Apps.provider(1, "[{name: e, requirements: {n: \"1\"}}]")
            .replace("spreadscaler", "daemonscaler");
    DesiredApp app = Apps.app(daemon);
    lattice.host("h1", "n", "1");
    lattice.host("h2", "n", "2");
    lattice.settle(app);
    assertThat(lattice.at("h1").providers).containsOnlyKeys("one-c");
    assertThat(lattice.at("h2").providers).isEmpty();
    SimulatedLattice.Host joined = lattice.host("h3", "n", "1");
    lattice.settle(app);
    assertThat(joined.providers).containsOnlyKeys("one-c");
    joined.labels.put("n", "2");
    Plan last = lattice.settle(app);
    assertThat(joined.providers).isEmpty();
    assertThat(last.apps().get(0).items().get(0).wanted()).isEqualTo(1);
    lattice.settle(Apps.app(daemon.replace("instances: 1", "instances: 0")));
    assertThat(lattice.at("h1").providers).isEmpty();
  }

  @Test
  void aDaemonWithoutAnyHostFails() {
    lattice.host("h1", "n", "1");
    String spread = "[{name: e, requirements: {n: \"2\"}}]";
    for (String yaml : List.of(Apps.spread(3, spread), Apps.provider(3, spread))) {
      AppStatus status =
          lattice.round(Apps.app(yaml.replace("spreadscaler", "daemonscaler"))).apps().get(0);
      assertThat(status.type()).isEqualTo(StatusType.FAILED);
      assertThat(status.message())
          .isEqualTo(
              "Could not satisfy daemonscaler e for file:///c.wasm, 0 eligible hosts found. No host"
                  + " of 1 has the label(s) n=2.");
    }
  }

  @Test
  void aDaemonWithTwoEntriesForOneHostRunsThereOnce() {
    lattice.host("h1", "n", "1");
    lattice.host("h2", "n", "2");
    String spread = "[{name: e, requirements: {n: \"1\"}}, {name: any}]";
    Plan components =
        lattice.settle(Apps.app(Apps.spread(3, spread).replace("spreadscaler", "daemonscaler")));
    assertThat(components.apps().get(0).type()).isEqualTo(StatusType.DEPLOYED);
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 3L, "h2", 3L));
    Plan providers =
        lattice.settle(Apps.app(Apps.provider(3, spread).replace("spreadscaler", "daemonscaler")));
    assertThat(providers.apps().get(0).type()).isEqualTo(StatusType.DEPLOYED);
    assertThat(lattice.hosts.values()).allMatch(h -> h.providers.containsKey("one-c"));
  }

  @Test
  void aRenamedSpreadTakesOverWhatRuns() {
    lattice.host("h1");
    lattice.settle(Apps.app(Apps.spread(3, "[{name: a}]")));
    lattice.settle(Apps.app(Apps.spread(3, "[{name: b}]")));
    assertThat(lattice.counts("one-c")).isEqualTo(Map.of("h1", 3L));
  }
}
