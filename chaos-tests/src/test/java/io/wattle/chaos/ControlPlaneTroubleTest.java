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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Control planes are killed, or stand still, while they bring up an application of many parts. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ControlPlaneTroubleTest {
  private static final int PARTS = 6;
  private static final int NOT_THERE = 3;
  private static final long INSTANCES = 4;
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
  void theOtherOneTakesOverAfterTheFirstConfig() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      theOtherOneTakesOver("the first config", event -> event instanceof LatticeEvent.ConfigSet);
    }
  }

  @Test
  void theOtherOneTakesOverAfterTheFirstComponent() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      theOtherOneTakesOver(
          "the first component", event -> event instanceof LatticeEvent.ComponentScaled);
    }
  }

  private void theOtherOneTakesOver(String what, Predicate<LatticeEvent> moment) throws Exception {
    oneLeads();
    String app = "app" + ++deployments;
    Wattle.Running deploy = killedInMidDeploy(app, moment, leading);
    deploy.await().exits(0);
    await().alias("the other one leads").atMost(PATIENCE).until(waiting::leads);
    becomesComplete(app);
    Proved.that(
        "the control plane that led was killed after %s of %d parts; the other one brought up the"
            + " rest, once",
        what, PARTS);
    leading = waiting;
    waiting = controlPlane();
    remove(app);
  }

  /** Whoever it is: on a slow machine the lease may have gone to the other one meanwhile. */
  private void oneLeads() {
    await()
        .alias("one of two leads")
        .atMost(PATIENCE)
        .until(() -> leading.leads() != waiting.leads());
    await()
        .alias("who leads")
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

  @Test
  void theOneThatLeadsStandsStillAndWakesUp() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      oneLeads();
      PartProcess paused = leading;
      PartProcess other = waiting;
      String gone = "app" + ++deployments;
      String kept = "app" + ++deployments;
      Wattle.Running deploy = null;
      try {
        Runnable stop = MarkedProcesses.prepared(paused.handle(), "STOP");
        deploy = inMidDeploy(gone, event -> event instanceof LatticeEvent.ConfigSet, stop);
        await().alias("the other one leads").atMost(PATIENCE).until(other::leads);
        isComplete(gone);
        // What the one that stands still was about to do is now the contrary of what is wanted.
        taken("delete", gone);
        isGone(gone);
        taken("deploy", manifest(kept));
        isComplete(kept);
      } finally {
        MarkedProcesses.signal(paused.handle(), "CONT");
        if (deploy != null) {
          deploy.process().destroyForcibly();
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
    }
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
            () -> wattle.run("app", command, "--nats-url", nats.url(), app).exit(),
            exit -> exit == 0 || (command.equals("delete") && exit == NOT_THERE));
  }

  @Test
  void allAreKilledAndOneStartsAgain() throws Exception {
    for (int round = 0; round < Figures.rounds(); round++) {
      String app = "app" + ++deployments;
      Wattle.Running deploy =
          killedInMidDeploy(
              app, event -> event instanceof LatticeEvent.ConfigSet, waiting, leading);
      leading = controlPlane();
      deploy.await().exits(0);
      becomesComplete(app);
      Proved.that(
          "all control planes were killed in mid-deploy; one that started again brought up the rest"
              + " of %d parts, once",
          PARTS);
      waiting = controlPlane();
      remove(app);
    }
  }

  /** Begins to deploy, and kills these at the moment of an event. */
  private Wattle.Running killedInMidDeploy(
      String app, Predicate<LatticeEvent> moment, PartProcess... victims) throws Exception {
    Wattle.Running deploy =
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
    return deploy;
  }

  /** Begins to deploy, and does something at the moment of an event. */
  private Wattle.Running inMidDeploy(String app, Predicate<LatticeEvent> moment, Runnable fault)
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
      assertThat(complete(running(app)))
          .as("all was there already when the control plane was lost")
          .isFalse();
      return deploy;
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
