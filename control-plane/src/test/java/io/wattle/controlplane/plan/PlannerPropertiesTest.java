package io.wattle.controlplane.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.lattice.link.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must hold for any applications on any lattice: it converges, it is stable, it leaves alone
 * what is not its own.
 */
final class PlannerPropertiesTest {
  private static final List<String> ZONES = List.of("a", "b", "c");
  private final SimulatedLattice lattice = new SimulatedLattice();

  static LongStream seeds() {
    return LongStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void converges(long seed) {
    Random random = new Random(seed);
    int hosts = 1 + random.nextInt(6);
    for (int i = 0; i < hosts; i++) {
      lattice.host("h" + i, "zone", ZONES.get(random.nextInt(3)));
    }
    List<Object> foreign = foreign(random);
    lattice.fails = a -> random.nextInt(5) == 0;

    Map<String, String> manifests = new HashMap<>();
    Map<String, DesiredApp.Leftovers> owned = new HashMap<>();
    for (int change = 0; change < 6; change++) {
      disturb(random);
      manifests.put("app" + random.nextInt(3), app(random));
      List<DesiredApp> apps = new ArrayList<>();
      manifests.forEach(
          (name, yaml) -> {
            String named = yaml.replace("NAME", name);
            DesiredApp.Leftovers before = owned.getOrDefault(name, DesiredApp.Leftovers.NONE);
            apps.add(
                random.nextInt(6) == 0
                    ? DesiredApp.gone(name, 1, before)
                    : Apps.app(named, before));
            owned.put(name, union(before, Applications.owned(Apps.manifest(named))));
          });
      Plan last = run(apps);
      assertThat(last.actions()).isEmpty();
      assertThat(foreign(lattice)).as("foreign things").containsAll(foreign);
      assertThat(Planner.plan(new Desired(apps), lattice.observe()))
          .as("the same input gives the same plan")
          .isEqualTo(Planner.plan(new Desired(apps.reversed()), lattice.observe()));
    }
    owned.forEach((name, left) -> lattice.settle(DesiredApp.gone(name, 9, left)));
    assertThat(lattice.configs).containsOnlyKeys("foreign");
    assertThat(lattice.links).hasSize(1);
    assertThat(lattice.hosts.values())
        .allSatisfy(
            h -> {
              assertThat(h.components.keySet()).allMatch(id -> id.startsWith("foreign"));
              assertThat(h.providers.keySet()).allMatch(id -> id.startsWith("foreign"));
            });
  }

  /** Rounds until there is nothing left that could be done; failures by the fifth, time goes on. */
  private Plan run(List<DesiredApp> apps) {
    DesiredApp[] array = apps.toArray(DesiredApp[]::new);
    for (int i = 0; i < 400; i++) {
      Plan plan = lattice.round(array);
      if (plan.wanted().isEmpty()) {
        return plan;
      }
      lattice.now = lattice.now.plusSeconds(2);
    }
    throw new AssertionError("does not converge: " + lattice.round(array));
  }

  private void disturb(Random random) {
    lattice
        .hosts
        .values()
        .forEach(
            h -> {
              if (random.nextInt(3) == 0) {
                h.components
                    .keySet()
                    .removeIf(id -> !id.startsWith("foreign") && random.nextBoolean());
                h.providers
                    .keySet()
                    .removeIf(id -> !id.startsWith("foreign") && random.nextBoolean());
              }
            });
    lattice.links.removeIf(l -> !l.target().equals("foreign") && random.nextInt(4) == 0);
    lattice.configs.keySet().removeIf(n -> !n.equals("foreign") && random.nextInt(4) == 0);
  }

  private List<Object> foreign(Random random) {
    lattice
        .hosts
        .values()
        .forEach(
            h -> {
              if (random.nextBoolean()) {
                h.component("foreign-c", "x", 2, Map.of());
                h.provider("foreign-p", "x", Annotations.of("somebody", "s", "d"));
              }
            });
    lattice.links.add(Link.of("app0-c", "foreign", "wasi", "logging", "logging"));
    lattice.configs.put("foreign", Map.of("a", "b"));
    return foreign(lattice);
  }

  private static List<Object> foreign(SimulatedLattice lattice) {
    List<Object> all = new ArrayList<>();
    lattice
        .hosts
        .values()
        .forEach(
            h -> {
              h.components.values().stream()
                  .filter(c -> c.id().startsWith("foreign"))
                  .forEach(all::add);
              h.providers.values().stream()
                  .filter(p -> p.id().startsWith("foreign"))
                  .forEach(all::add);
            });
    lattice.links.stream().filter(l -> l.target().equals("foreign")).forEach(all::add);
    all.add(lattice.configs.get("foreign"));
    return all;
  }

  private static DesiredApp.Leftovers union(DesiredApp.Leftovers a, DesiredApp.Leftovers b) {
    var configs = new java.util.HashSet<>(a.configs());
    configs.addAll(b.configs());
    var links = new java.util.HashSet<>(a.links());
    links.addAll(b.links());
    return new DesiredApp.Leftovers(configs, links);
  }

  private static String app(Random random) {
    return """
    apiVersion: core.oam.dev/v1beta1
    kind: Application
    metadata: {name: NAME}
    spec:
      components:
        - name: c
          type: component
          properties: {image: "c%d.wasm", config: [{name: k, properties: {v: "%d"}}]}
          traits:
            - {type: spreadscaler, properties: {instances: %d%s}}
            - type: link
              properties:
                target: {name: p%d, config: [{name: l%d, properties: {v: "%d"}}]}
                namespace: wasi
                package: keyvalue
                interfaces: [%s]
        - name: p0
          type: capability
          properties: {image: "p%d"}
        - name: p1
          type: capability
          properties: {image: "p%d"}
          traits:
            - {type: spreadscaler, properties: {instances: %d}}
    """
        .formatted(
            random.nextInt(2),
            random.nextInt(3),
            random.nextInt(20),
            random.nextBoolean() ? "" : ", spread: [{name: x, weight: 3}, {name: y}]",
            random.nextInt(2),
            random.nextInt(2),
            random.nextInt(3),
            random.nextBoolean() ? "store" : "store, atomics",
            random.nextInt(2),
            random.nextInt(2),
            random.nextInt(4));
  }
}
