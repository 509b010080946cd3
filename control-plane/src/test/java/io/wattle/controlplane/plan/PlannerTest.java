package io.wattle.controlplane.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.lattice.link.Link;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the planner does in the situations users meet. */
final class PlannerTest {
  private static final DesiredApp COUNTER = Apps.app(Apps.COUNTER);
  private final SimulatedLattice lattice = new SimulatedLattice();

  private static AppStatus status(Plan plan) {
    return plan.apps().get(0);
  }

  @Test
  void anApplicationComesUpInOrder() {
    lattice.host("h1");
    Plan first = lattice.round(COUNTER);
    assertThat(first.actions())
        .extracting(Action::kind)
        .containsExactly(
            "put_config", "put_config", "put_config", "start_provider", "scale_component");
    Plan second = lattice.round(COUNTER);
    assertThat(second.actions())
        .extracting(Action::kind)
        .containsExactly("start_provider", "put_link", "put_link");
    assertThat(status(second).type()).isEqualTo(StatusType.RECONCILING);
    Plan last = lattice.settle(COUNTER);
    assertThat(last.actions()).isEmpty();
    assertThat(status(last).type()).isEqualTo(StatusType.DEPLOYED);
    assertThat(status(last).message()).isEmpty();
    assertThat(status(last).items())
        .extracting(ItemStatus::name)
        .containsExactly(
            "counter-counter",
            "counter-counter -(wasi:keyvalue)-> counter-kv",
            "counter-kv",
            "counter-web",
            "counter-web -(wasi:http)-> counter-counter");
    assertThat(status(last).items()).allMatch(i -> i.actual() == i.wanted());
    assertThat(lattice.at("h1").component("counter-counter").annotations())
        .containsEntry("wasmcloud.dev/managed-by", "wadm")
        .containsEntry("wasmcloud.dev/appspec", "counter")
        .containsEntry("wasmcloud.dev/spread_name", "default")
        .containsKey("wasmcloud.dev/scaler");
    assertThat(lattice.links)
        .extracting(Link::sourceConfig)
        .containsExactlyInAnyOrder(List.of(), List.of("counter-address"));
  }

  @Test
  void withoutHostsItWaitsAndSaysSo() {
    Plan plan = lattice.round(COUNTER);
    assertThat(plan.actions()).isEmpty();
    assertThat(status(plan).type()).isEqualTo(StatusType.WAITING);
    assertThat(status(plan).message()).isEqualTo("waiting: 0 hosts");
  }

  @Test
  void aFailureIsToldInTheHostsWordsAndTriedAgainLaterAndLater() {
    lattice.host("h1");
    lattice.fails = a -> a instanceof Action.ScaleComponent;
    lattice.round(COUNTER);
    lattice.round(COUNTER);
    Plan failed = lattice.round(COUNTER);
    assertThat(failed.actions()).isEmpty();
    assertThat(failed.retryAt()).isEqualTo(lattice.now.plusSeconds(1));
    assertThat(status(failed).type()).isEqualTo(StatusType.FAILED);
    assertThat(status(failed).message()).isEqualTo("host h1: it failed");
    long sent = 0;
    for (int second = 0; second < 100; second++) {
      lattice.now = lattice.now.plusSeconds(1);
      sent += lattice.round(COUNTER).actions().size();
    }
    // After 1, 3, 7, 15, 31 and 63 seconds.
    assertThat(sent).isEqualTo(6);
    lattice.fails = a -> false;
    lattice.now = lattice.now.plusSeconds(60);
    assertThat(status(lattice.settle(COUNTER)).type()).isEqualTo(StatusType.DEPLOYED);
  }

  @Test
  void aBucketThatIsAwayIsWaitedForAsLongAsAnElectionMayTake() {
    lattice.host("h1");
    Plan first = Planner.plan(new Desired(List.of(COUNTER)), lattice.observe());
    Action put =
        first.actions().stream().filter(a -> a.kind().equals("put_config")).findFirst().get();
    for (int second = 0; second < 15; second++) {
      lattice.attempts.begin(put, lattice.now);
      lattice.attempts.failedForNow(put.key(), "no leader", lattice.now);
      Plan waiting = Planner.plan(new Desired(List.of(COUNTER)), lattice.observe());
      assertThat(waiting.actions()).doesNotContain(put);
      assertThat(waiting.retryAt()).isEqualTo(lattice.now.plusSeconds(1));
      assertThat(status(waiting).type()).isEqualTo(StatusType.RECONCILING);
      lattice.now = lattice.now.plusSeconds(1);
    }
    Plan late = Planner.plan(new Desired(List.of(COUNTER)), lattice.observe());
    assertThat(late.actions()).contains(put);
    assertThat(status(late).type()).isEqualTo(StatusType.FAILED);
    assertThat(status(late).message()).contains("no leader");
    assertThat(status(lattice.settle(COUNTER)).type()).isEqualTo(StatusType.DEPLOYED);
  }

  @Test
  void anotherImageIsTriedAtOnce() {
    lattice.host("h1");
    lattice.fails = a -> a instanceof Action.ScaleComponent s && s.image().contains("counter.wasm");
    for (int i = 0; i < 5; i++) {
      lattice.round(COUNTER);
    }
    DesiredApp fixed = Apps.app(Apps.COUNTER.replace("counter.wasm", "fixed.wasm"));
    assertThat(lattice.round(fixed).actions()).extracting(Action::kind).contains("scale_component");
  }

  @Test
  void aSilentHostCountsAsAFailure() {
    lattice.host("h1");
    Plan sent = Planner.plan(new Desired(List.of(COUNTER)), lattice.observe());
    Action scale =
        sent.actions().stream().filter(a -> a.kind().equals("scale_component")).findFirst().get();
    lattice.attempts.begin(scale, lattice.now);
    lattice.now = lattice.now.plus(scale.patience());
    Plan late = Planner.plan(new Desired(List.of(COUNTER)), lattice.observe());
    assertThat(late.actions()).doesNotContain(scale);
    assertThat(status(late).message()).contains("host h1: no effect was seen within 30 s");
  }

  @Test
  void driftIsRepaired() {
    SimulatedLattice.Host host = lattice.host("h1");
    lattice.settle(COUNTER);
    lattice.links =
        new java.util.ArrayList<>(
            lattice.links.stream()
                .map(l -> l.sourceConfig().isEmpty() ? l : l.withConfigs(List.of(), List.of()))
                .toList());
    lattice.configs.put("counter-bucket", Map.of("bucket", "other"));
    ObservedHost.RunningComponent running = host.component("counter-counter");
    host.component(running.id(), running.image(), 9, running.annotations());
    host.providers.remove("counter-kv");
    Plan plan = lattice.round(COUNTER);
    assertThat(plan.actions())
        .extracting(Action::kind)
        .containsExactly("put_config", "start_provider", "scale_component", "put_link");
    lattice.settle(COUNTER);
    assertThat(lattice.counts("counter-counter")).containsEntry("h1", 4L);
  }

  @Test
  void aNewImageReplacesTheCodeInPlaceAndTheProviderByStopAndStart() {
    lattice.host("h1");
    lattice.settle(COUNTER);
    DesiredApp next =
        Apps.app(Apps.COUNTER.replace("counter.wasm", "v2.wasm").replace(":0.3.1", ":0.4.0"));
    lattice.done.clear();
    lattice.round(next);
    lattice.round(next);
    assertThat(lattice.round(next).wanted()).isEmpty();
    assertThat(lattice.done)
        .extracting(Action::kind)
        .containsExactly("stop_provider", "scale_component", "start_provider");
    assertThat(lattice.done.get(1))
        .isInstanceOfSatisfying(
            Action.ScaleComponent.class, s -> assertThat(s.allowUpdate()).isTrue());
  }

  @Test
  void aHostOfOursPutsTheNewProviderInThePlaceOfTheOldOne() {
    lattice.host("h1").wattle = true;
    lattice.settle(COUNTER);
    DesiredApp next = Apps.app(Apps.COUNTER.replace(":0.3.1", ":0.4.0"));
    lattice.done.clear();
    Plan plan = lattice.round(next);
    assertThat(status(plan).type()).isEqualTo(StatusType.RECONCILING);
    assertThat(lattice.round(next).wanted()).isEmpty();
    assertThat(lattice.done).extracting(Action::kind).containsExactly("replace_provider");
    assertThat(lattice.at("h1").providers.get("counter-kv"))
        .extracting(ObservedHost.RunningProvider::image)
        .asString()
        .endsWith(":0.4.0");
    // one that cannot be started leaves the old one, and is tried again
    lattice.fails = a -> a.kind().equals("replace_provider");
    DesiredApp broken = Apps.app(Apps.COUNTER.replace(":0.3.1", ":0.5.0"));
    lattice.done.clear();
    lattice.round(broken);
    Plan failed = lattice.round(broken);
    assertThat(status(failed).type()).isEqualTo(StatusType.FAILED);
    assertThat(status(failed).message()).contains("it failed");
    lattice.now = lattice.now.plusSeconds(2);
    lattice.fails = a -> false;
    lattice.round(broken);
    assertThat(lattice.round(broken).wanted()).isEmpty();
    assertThat(lattice.done).extracting(Action::kind).containsOnly("replace_provider");
  }

  @Test
  void aProviderThatMovesServesUntilTheOtherOneIsWell() {
    SimulatedLattice.Host left = lattice.host("left", "at", "left");
    SimulatedLattice.Host right = lattice.host("right", "at", "right");
    String there = Apps.provider(1, "[{name: s, requirements: {at: left}}]");
    lattice.settle(Apps.app(there));
    DesiredApp moved = Apps.app(there.replace("{at: left}", "{at: right}"));
    lattice.round(moved);
    ObservedHost.RunningProvider p = Objects.requireNonNull(right.providers.get("one-c"));
    right.providers.put(
        "one-c",
        new ObservedHost.RunningProvider(
            p.id(), p.image(), p.annotations(), List.of("Redis is not reached")));
    lattice.round(moved);
    lattice.round(moved);
    assertThat(left.providers).hasSize(1);
    right.providers.put("one-c", p);
    lattice.settle(moved);
    assertThat(left.providers).isEmpty();
  }

  @Test
  void undeployTakesOnlyWhatIsItsOwn() {
    SimulatedLattice.Host host = lattice.host("h1");
    lattice.settle(COUNTER);
    host.component("foreign", "x", 1, Map.of());
    host.component("other", "x", 1, Annotations.of("other", "s", "default"));
    host.provider("foreign-provider", "x", Map.of(Annotations.MANAGED_BY, Annotations.MANAGER));
    Link foreign = Link.of("counter-counter", "foreign-provider", "wasi", "logging", "logging");
    lattice.links.add(foreign);
    lattice.configs.put("foreign", Map.of());
    DesiredApp gone =
        DesiredApp.gone("counter", 2, Applications.owned(Apps.manifest(Apps.COUNTER)));
    lattice.done.clear();
    Plan first = lattice.round(gone);
    assertThat(status(first).type()).isEqualTo(StatusType.RECONCILING);
    assertThat(status(first).message())
        .isEqualTo("removing 1 component(s), 2 provider(s), 2 link(s), 3 config(s)");
    Plan last = lattice.settle(gone);
    assertThat(lattice.done)
        .extracting(Action::kind)
        .containsExactly(
            "delete_link",
            "delete_link",
            "stop_component",
            "stop_provider",
            "stop_provider",
            "delete_config",
            "delete_config",
            "delete_config");
    assertThat(status(last).type()).isEqualTo(StatusType.UNDEPLOYED);
    assertThat(status(last).clean()).isTrue();
    assertThat(host.components).containsOnlyKeys("foreign", "other");
    assertThat(host.providers).containsOnlyKeys("foreign-provider");
    assertThat(lattice.links).containsExactly(foreign);
    assertThat(lattice.configs).containsOnlyKeys("foreign");
  }

  @Test
  void aLinkIsSwappedToItsNewTargetAtOneMoment() {
    lattice.host("h1");
    lattice.settle(COUNTER);
    String swapped =
        Apps.COUNTER
            .replace("target: {name: kv", "target: {name: kv2")
            .replace("- name: kv\n", "- name: kv2\n");
    DesiredApp next = Apps.app(swapped, Applications.owned(Apps.manifest(Apps.COUNTER)));
    lattice.done.clear();
    lattice.settle(next);
    assertThat(lattice.done)
        .anySatisfy(
            a ->
                assertThat(a)
                    .isInstanceOfSatisfying(
                        Action.PutLink.class, p -> assertThat(p.replace()).isTrue()));
    assertThat(lattice.links).extracting(Link::target).contains("counter-kv2").hasSize(2);
    // The new one runs before it is called, the old one until it is called no more.
    assertThat(
            lattice.done.stream().filter(a -> !(a instanceof Action.PutConfig)).map(Action::kind))
        .containsSubsequence("start_provider", "put_link", "stop_provider")
        .doesNotContain("delete_link");
  }

  @Test
  void aProviderThatMovesServesUntilItRunsElsewhere() {
    SimulatedLattice.Host left = lattice.host("left", "at", "left");
    SimulatedLattice.Host right = lattice.host("right", "at", "right");
    String there = Apps.provider(1, "[{name: s, requirements: {at: left}}]");
    lattice.settle(Apps.app(there));
    assertThat(left.providers).hasSize(1);
    lattice.done.clear();
    lattice.settle(Apps.app(there.replace("{at: left}", "{at: right}")));
    assertThat(left.providers).isEmpty();
    assertThat(right.providers).hasSize(1);
    assertThat(lattice.done.stream().map(Action::kind))
        .containsExactly("start_provider", "stop_provider");
  }

  @Test
  void aForeignLinkInTheWayIsReportedAndLeftAlone() {
    lattice.host("h1");
    Link foreign = Link.of("counter-counter", "redis", "wasi", "keyvalue", "store");
    lattice.links.add(foreign);
    for (int i = 0; i < 5; i++) {
      lattice.round(COUNTER);
    }
    AppStatus status = status(lattice.round(COUNTER));
    assertThat(status.type()).isEqualTo(StatusType.FAILED);
    assertThat(status.message())
        .contains("link already exists with different target")
        .contains("already leads to redis");
    assertThat(lattice.links).contains(foreign);
  }

  @Test
  void aForeignComponentOfTheSameIdIsLeftAlone() {
    lattice.host("h1").component("counter-counter", "by-hand", 1, Map.of());
    for (int i = 0; i < 5; i++) {
      lattice.round(COUNTER);
    }
    assertThat(status(lattice.round(COUNTER)).message()).contains("started by somebody else");
    assertThat(lattice.at("h1").component("counter-counter").image()).isEqualTo("by-hand");
  }

  @Test
  void anExternalConfigIsOnlyWaitedFor() {
    lattice.host("h1");
    DesiredApp app =
        Apps.app(
            Apps.COUNTER.replace("{name: defaults, properties: {a: \"1\"}}", "{name: external}"));
    for (int i = 0; i < 5; i++) {
      lattice.round(app);
    }
    assertThat(status(lattice.round(app)).message())
        .isEqualTo("Specified configuration external does not exist");
    assertThat(lattice.at("h1").providers).doesNotContainKey("counter-web");
    lattice.configs.put("external", Map.of("a", "b"));
    lattice.settle(app);
    assertThat(lattice.configs.get("external")).isEqualTo(Map.of("a", "b"));
  }

  @Test
  void aProvidersConditionMakesItUnhealthy() {
    SimulatedLattice.Host host = lattice.host("h1");
    lattice.settle(COUNTER);
    ObservedHost.RunningProvider p = Objects.requireNonNull(host.providers.get("counter-web"));
    host.providers.put(
        p.id(),
        new ObservedHost.RunningProvider(
            p.id(), p.image(), p.annotations(), List.of("cannot listen on 127.0.0.1:80")));
    AppStatus status = status(lattice.round(COUNTER));
    assertThat(status.type()).isEqualTo(StatusType.UNHEALTHY);
    assertThat(status.message()).isEqualTo("host h1: cannot listen on 127.0.0.1:80");
  }

  @Test
  void anImportThatLeadsNowhereIsShownAndNoFailure() {
    SimulatedLattice.Host host = lattice.host("h1");
    lattice.settle(COUNTER);
    ObservedHost.RunningComponent c = host.component("counter-counter");
    host.components.put(
        c.id(),
        new ObservedHost.RunningComponent(
            c.id(), c.image(), c.instances(), c.annotations(), List.of("no link for wasi:x/y")));
    AppStatus status = status(lattice.round(COUNTER));
    assertThat(status.type()).isEqualTo(StatusType.DEPLOYED);
    assertThat(status.message()).isEqualTo("host h1: no link for wasi:x/y");
  }

  @Test
  void statusIsThatOfTheWorstPart() {
    StatusType d = StatusType.DEPLOYED;
    StatusType u = StatusType.UNDEPLOYED;
    StatusType f = StatusType.FAILED;
    StatusType r = StatusType.RECONCILING;
    StatusType unhealthy = StatusType.UNHEALTHY;
    assertThat(StatusType.fold(List.of(d, d))).isEqualTo(d);
    assertThat(StatusType.fold(List.of(u, f))).isEqualTo(f);
    assertThat(StatusType.fold(List.of(r, u))).isEqualTo(u);
    assertThat(StatusType.fold(List.of(d, r, u, f))).isEqualTo(f);
    assertThat(StatusType.fold(List.of(d, unhealthy))).isEqualTo(unhealthy);
    assertThat(StatusType.fold(List.of(r, unhealthy))).isEqualTo(r);
    assertThat(StatusType.fold(Set.of())).isEqualTo(u);
  }
}
