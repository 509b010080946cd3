package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.nats.NatsServer;
import io.wattle.lattice.testing.NatsForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Control planes are killed, or stand still, while they bring up an application of many parts. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ControlPlaneTroubleTest {
  private static final int PARTS = 6;
  private static final int NOT_THERE = 3;
  private static final long INSTANCES = 4;
  private static final int TRIES = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration CALM = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofMillis(200);

  private Wattle wattle;
  private NatsServer nats;
  private LatticeView lattice;
  private final List<PartProcess> hosts = new ArrayList<>();
  private PartProcess leading;
  private PartProcess waiting;
  private int deployments;

  @BeforeAll
  void start() throws Exception {
    wattle = Wattle.withHeap("256m");
    nats =
        NatsServer.start(
            NatsForTests.binary(),
            NatsServer.Options.in(wattle.folder().resolve("nats"))
                .withCredentials(Credentials.None.NONE));
    lattice = LatticeView.of(LatticeOptions.of(nats.url(), "default"));
    hosts.add(PartProcess.host(wattle, "one", "--nats-url", nats.url()));
    hosts.add(PartProcess.host(wattle, "two", "--nats-url", nats.url()));
    leading = controlPlane();
    await().alias("the first one leads").atMost(PATIENCE).until(leading::leads);
    waiting = controlPlane();
  }

  private PartProcess controlPlane() throws Exception {
    return PartProcess.controlPlane(wattle, "control plane", "--nats-url", nats.url());
  }

  @AfterAll
  void stop() throws Exception {
    if (lattice != null) {
      lattice.close();
    }
    wattle.processes().killAll();
    if (nats != null) {
      nats.close();
    }
    wattle.close();
  }

  @Test
  @EnabledIfSystemProperty(
      named = "wattle.chaos.long",
      matches = "true",
      disabledReason = "a second moment of the kill: in the long profile")
  void theOtherOneTakesOverAfterTheFirstConfig() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      untilInTime(
          () -> theOtherOneTakesOver("the first config", LatticeEvent.ConfigSet.class::isInstance));
    }
  }

  @Test
  void theOtherOneTakesOverAfterTheFirstComponent() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      untilInTime(
          () ->
              theOtherOneTakesOver(
                  "the first component", LatticeEvent.ComponentScaled.class::isInstance));
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "wattle.chaos.long",
      matches = "true",
      disabledReason = "takes 35 s: in the long profile")
  void theOneThatLeadsStandsStillAndWakesUp() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      untilInTime(this::theOneThatLeadsStandsStill);
    }
  }

  @Test
  void allAreKilledAndOneStartsAgain() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      untilInTime(this::allAreKilled);
    }
  }

  /** Where the machine stood still at the wrong moment, all was there before the kill. */
  private static void untilInTime(Callable<Boolean> scenario) throws Exception {
    for (int tried = 1; !scenario.call(); tried++) {
      assertThat(tried).as("times that the kill came too late").isLessThan(TRIES);
    }
  }

  /** Who leads may have changed where the machine stood still. */
  private void seeWhoLeads() {
    await().alias("one leads").atMost(PATIENCE).until(() -> leading.leads() != waiting.leads());
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (waiting.leads()) {
                PartProcess other = leading;
                leading = waiting;
                waiting = other;
              }
              return leading.leads();
            });
  }

  /** Whether it was in time. */
  private boolean theOtherOneTakesOver(String what, Predicate<LatticeEvent> moment)
      throws Exception {
    seeWhoLeads();
    String app = "app" + ++deployments;
    Begun begun = killedInMidDeploy(app, moment, leading);
    ends(begun.deploy(), app);
    await().alias("the other one leads").atMost(PATIENCE).until(waiting::leads);
    becomesComplete(app);
    if (begun.inTime()) {
      Proved.that(
          "the control plane that led was killed after %s of %d parts; the other one brought up the"
              + " rest, once",
          what, PARTS);
    }
    leading = waiting;
    waiting = controlPlane();
    remove(app);
    return begun.inTime();
  }

  /** Whether it was in time. */
  private boolean theOneThatLeadsStandsStill() throws Exception {
    seeWhoLeads();
    PartProcess paused = leading;
    PartProcess other = waiting;
    String gone = "app" + ++deployments;
    String kept = "app" + ++deployments;
    Begun begun = null;
    try {
      Runnable stop = MarkedProcesses.prepared(paused.handle(), "STOP");
      begun = inMidDeploy(gone, event -> event instanceof LatticeEvent.ConfigSet, stop);
      await().alias("the other one leads").atMost(PATIENCE).until(other::leads);
      isComplete(gone);
      // What the one that stands still was about to do is now the contrary of what is wanted.
      taken("delete", gone);
      isGone(gone);
      taken("deploy", manifest(kept));
      isComplete(kept);
    } finally {
      MarkedProcesses.signal(paused.handle(), "CONT");
      if (begun != null) {
        begun.deploy().process().destroyForcibly();
      }
    }
    await()
        .alias("it is awake")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> other.leads() != paused.leads());
    becomesComplete(kept);
    assertThat(running(gone)).as("what was removed meanwhile").containsOnly(0L);
    Proved.that(
        "the control plane that led stood still after the first config of %d parts; the other one"
            + " brought up the rest, removed it and brought up another application; the first one"
            + " woke up: nothing came back, nothing ran twice, one of them leads",
        PARTS);
    remove(kept);
    return begun.inTime();
  }

  /**
   * Asks until a control plane that is awake has taken it: until NATS drops the one that stands
   * still, it gets its share of the questions.
   */
  private void taken(String command, String app) {
    await()
        .alias("app " + command + " " + app)
        .atMost(PATIENCE)
        .until(
            () -> wattle.run("app", command, "-t", "3000", "--nats-url", nats.url(), app).exit(),
            exit -> exit == 0 || (command.equals("delete") && exit == NOT_THERE));
  }

  /** Whether it was in time. */
  private boolean allAreKilled() throws Exception {
    String app = "app" + ++deployments;
    Begun begun =
        killedInMidDeploy(app, LatticeEvent.ConfigSet.class::isInstance, waiting, leading);
    leading = controlPlane();
    ends(begun.deploy(), app);
    becomesComplete(app);
    if (begun.inTime()) {
      Proved.that(
          "all control planes were killed in mid-deploy; one that started again brought up the rest"
              + " of %d parts, once",
          PARTS);
    }
    waiting = controlPlane();
    remove(app);
    return begun.inTime();
  }

  /**
   * A deployment during which something happened to control planes.
   *
   * @param inTime whether something was still missing then
   */
  private record Begun(Wattle.Running deploy, boolean inTime) {}

  /** Begins to deploy, and kills these at the moment of an event. */
  private Begun killedInMidDeploy(
      String app, Predicate<LatticeEvent> moment, PartProcess... victims) throws Exception {
    Begun begun =
        inMidDeploy(
            app,
            moment,
            () -> {
              for (PartProcess victim : victims) {
                victim.handle().destroyForcibly();
              }
            });
    for (PartProcess victim : victims) {
      victim.kill();
    }
    return begun;
  }

  /** Begins to deploy, and does something at the moment of an event. */
  private Begun inMidDeploy(String app, Predicate<LatticeEvent> moment, Runnable fault)
      throws Exception {
    CountDownLatch come = new CountDownLatch(1);
    try (Subscription _ =
        lattice.listen(
            event -> {
              if (come.getCount() > 0 && moment.test(event.event())) {
                fault.run();
                come.countDown();
              }
            })) {
      Wattle.Running deploy =
          wattle.start("app", "deploy", "-o", "json", "--nats-url", nats.url(), manifest(app));
      assertThat(come.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("the event came").isTrue();
      return new Begun(deploy, !complete(running(app)));
    }
  }

  /** It may have been killed before it said that it took the command; then that is repeated. */
  private void ends(Wattle.Running deploy, String app) throws Exception {
    if (deploy.await().exit() != 0) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> wattle.run("app", "deploy", "-t", "3000", "--nats-url", nats.url(), app).exit(),
              exit -> exit == 0);
    }
  }

  private String manifest(String app) throws Exception {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata:
              name: %s
              annotations:
                version: v1
            spec:
              components:
            """
                .formatted(app));
    for (int part = 0; part < PARTS; part++) {
      text.append(
          """
              - name: part%d
                type: component
                properties:
                  image: %s
                  config:
                    - name: %s-config%d
                      properties:
                        some: value
                traits:
                  - type: spreadscaler
                    properties:
                      instances: %d
          """
              .formatted(part, Repository.guest("http-hello-world"), app, part, INSTANCES));
    }
    Path file = wattle.folder().resolve(app + ".yaml");
    Files.writeString(file, text);
    return file.toString();
  }

  /** How many instances of each part there are on all hosts. */
  private List<Long> running(String app) throws InterruptedException {
    List<String> ids = hosts.stream().map(PartProcess::id).toList();
    List<Long> running = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      running.add(
          lattice.instances(app + "-part" + part, ids).values().stream()
              .mapToLong(Long::longValue)
              .sum());
    }
    return running;
  }

  private static boolean complete(List<Long> running) {
    return running.stream().allMatch(count -> count == INSTANCES);
  }

  private void isComplete(String app) {
    await()
        .alias(app + " is complete")
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> running(app), ControlPlaneTroubleTest::complete);
  }

  /** Comes to be complete, and stays so: nothing runs twice. */
  private void becomesComplete(String app) {
    isComplete(app);
    await()
        .alias(app + " stays as it is")
        .during(CALM)
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> running(app), ControlPlaneTroubleTest::complete);
    await().alias("status of " + app).atMost(PATIENCE).until(() -> status(app).equals("deployed"));
  }

  private String status(String app) throws Exception {
    return wattle
        .run("app", "status", "-o", "json", "--nats-url", nats.url(), app)
        .exits(0)
        .json()
        .at("/status/status/type")
        .asText();
  }

  private void remove(String app) throws Exception {
    wattle.run("app", "delete", "--nats-url", nats.url(), app).exits(0);
    isGone(app);
  }

  private void isGone(String app) {
    await()
        .alias(app + " is gone")
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> running(app), running -> running.stream().allMatch(count -> count == 0));
  }
}
