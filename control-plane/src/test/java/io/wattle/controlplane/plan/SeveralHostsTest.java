package io.wattle.controlplane.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.controlplane.plan.ObservedHost.RunningComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the planner makes of hosts that compile ahead, are at work, refuse, or do not answer. */
final class SeveralHostsTest {
  private static final String IMAGE = "file:///c.wasm";
  private static final DesiredApp APP =
      Apps.app(Apps.spread(2, "[{name: x, requirements: {zone: a}}]"));

  private final Attempts attempts = new Attempts();
  private final List<ObservedHost> hosts = new ArrayList<>();

  private static RunningComponent running(long count) {
    DesiredItem.Workload c = (DesiredItem.Workload) APP.items().get(0);
    return new RunningComponent(
        "one-c", IMAGE, count, Annotations.of("one", c.scalerId(), "x"), List.of());
  }

  private static ObservedHost host(
      String id,
      String zone,
      boolean responsive,
      @Nullable Set<String> prepared,
      Set<String> inherited,
      RunningComponent... components) {
    return new ObservedHost(
        id,
        id,
        Map.of("zone", zone),
        Arrays.asList(components),
        List.of(),
        responsive,
        prepared,
        inherited,
        true);
  }

  private Plan plan() {
    return Planner.plan(
        new Desired(List.of(APP)),
        new Observed(Instant.EPOCH, hosts, List.of(), Map.of(), attempts.snapshot()));
  }

  private static List<String> targets(Plan plan) {
    return plan.actions().stream()
        .map(a -> ((Action.ScaleComponent) a).hostId() + " " + ((Action.ScaleComponent) a).count())
        .toList();
  }

  @Test
  void hostsThatMayRunItCompileItAheadOnceItRuns() {
    hosts.add(host("h1", "a", true, Set.of(), Set.of()));
    hosts.add(host("h2", "a", true, Set.of(), Set.of()));
    assertThat(plan().prepare()).as("first what is needed now").isEmpty();

    hosts.clear();
    hosts.add(host("runs", "a", true, Set.of(), Set.of(), running(2)));
    hosts.add(host("fits", "a", true, Set.of("file:///other.wasm"), Set.of()));
    hosts.add(host("done", "a", true, Set.of(IMAGE), Set.of()));
    hosts.add(host("mute", "a", false, Set.of(), Set.of()));
    hosts.add(host("foreign", "a", true, null, Set.of()));
    hosts.add(host("elsewhere", "b", true, Set.of(), Set.of()));
    Plan plan = plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.prepare()).containsExactly(new Plan.Prepare("fits", IMAGE));
  }

  @Test
  void whatAnotherControlPlaneBeganIsNotBegunAgain() {
    hosts.add(host("h1", "a", true, Set.of(), Set.of()));
    hosts.add(host("h2", "a", true, Set.of(), Set.of("component one-c", "provider one-c")));
    Plan plan = plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.wanted()).isNotEmpty();
    assertThat(plan.apps().get(0).type()).isEqualTo(StatusType.RECONCILING);
    assertThat(plan.apps().get(0).message()).isEqualTo("host h2 is at work on it");

    hosts.set(1, host("h2", "a", true, Set.of(), Set.of()));
    assertThat(targets(plan())).containsExactly("h1 1", "h2 1");
  }

  @Test
  void whatWeBeganIsOurs() {
    hosts.add(host("h1", "a", true, Set.of(), Set.of()));
    plan().actions().forEach(a -> attempts.begin(a, Instant.EPOCH));
    hosts.set(0, host("h1", "a", true, Set.of(), Set.of("component one-c")));
    assertThat(plan().apps().get(0).message()).isEqualTo("Scaling component on 1 host(s)");
  }

  @Test
  void aHostThatSaysItIsAtWorkIsWaitedForHoweverLongItTakes() {
    hosts.add(host("h1", "a", true, Set.of(), Set.of()));
    plan().actions().forEach(a -> attempts.begin(a, Instant.EPOCH));
    Instant muchLater = Instant.EPOCH.plusSeconds(600);
    List<ObservedHost> compiling =
        List.of(host("h1", "a", true, Set.of(), Set.of("component one-c")));
    attempts.seenAtWork(compiling, muchLater);
    attempts.expire(muchLater.plusSeconds(29));
    assertThat(attempts.snapshot().values())
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.IN_FLIGHT);
    // Then it stops saying so, and nothing runs.
    attempts.expire(muchLater.plusSeconds(31));
    assertThat(attempts.snapshot().values())
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.FAILED);
    attempts.seenAtWork(compiling, muchLater.plusSeconds(40));
    assertThat(attempts.snapshot().values())
        .as("a failure stays one")
        .extracting(Attempt::state)
        .containsExactly(Attempt.State.FAILED);
  }

  @Test
  void aHostThatDoesNotAnswerGetsNothingNewIfAnotherFits() {
    hosts.add(host("h1", "a", false, Set.of(), Set.of()));
    hosts.add(host("h2", "a", true, Set.of(), Set.of()));
    assertThat(targets(plan())).containsExactly("h2 2");
    hosts.remove(1);
    assertThat(targets(plan())).containsExactly("h1 2");
  }

  @Test
  void whatRunsOnAHostThatDoesNotAnswerIsLeftUntilItIsDead() {
    hosts.add(host("h1", "a", false, Set.of(), Set.of(), running(2)));
    hosts.add(host("h2", "a", true, Set.of(), Set.of()));
    assertThat(plan().actions()).isEmpty();
  }

  @Test
  void aHostThatRefusedIsLeftOutAndTheStatusSaysWhy() {
    hosts.add(host("h1", "a", true, Set.of(), Set.of()));
    hosts.add(host("h2", "a", true, Set.of(), Set.of()));
    for (Action action : plan().actions()) {
      attempts.begin(action, Instant.EPOCH);
    }
    attempts.failed("component one-c on h1", "no room", Instant.EPOCH);
    hosts.set(1, host("h2", "a", true, Set.of(), Set.of(), running(1)));
    assertThat(targets(plan())).containsExactly("h2 2");
    hosts.set(1, host("h2", "a", true, Set.of(), Set.of(), running(2)));
    AppStatus status = plan().apps().get(0);
    assertThat(status.type()).isEqualTo(StatusType.DEPLOYED);
    assertThat(status.message()).isEqualTo("host h1: left out after no room");
  }

  @Test
  void aHostThatJoinedIsNamedAndNothingMoves() {
    hosts.add(host("h1", "a", true, Set.of(), Set.of(), running(2)));
    hosts.add(host("h2", "a", true, Set.of(), Set.of()));
    hosts.add(host("h3", "b", true, Set.of(), Set.of()));
    Plan plan = plan();
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.apps().get(0).type()).isEqualTo(StatusType.DEPLOYED);
    assertThat(plan.apps().get(0).message()).startsWith("host(s) h2 would fit too; ");
  }

  @Test
  void ofTwoProvidersTheOneWithoutComplaintStays() {
    DesiredApp app = Apps.app(Apps.provider(1, "[]"));
    DesiredItem.Workload p = (DesiredItem.Workload) app.items().get(0);
    Map<String, String> annotations = Annotations.of("one", p.scalerId(), "default");
    for (String id : List.of("h1", "h2")) {
      List<String> conditions = id.equals("h1") ? List.of("the port is taken") : List.of();
      hosts.add(
          new ObservedHost(
              id,
              id,
              Map.of(),
              List.of(),
              List.of(new ObservedHost.RunningProvider("one-c", IMAGE, annotations, conditions))));
    }
    Plan plan =
        Planner.plan(
            new Desired(List.of(app)),
            new Observed(Instant.EPOCH, hosts, List.of(), Map.of(), Map.of()));
    assertThat(plan.actions()).containsExactly(new Action.StopProvider("one", "h1", "one-c"));
  }
}
