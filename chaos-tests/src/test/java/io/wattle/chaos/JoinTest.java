package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.connect.JoinToken;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.tls.Fingerprint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Three machines: {@code up --listen} on the first, and a host on each of the others that joined
 * with the token.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class JoinTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int HTTP = 8080;
  private static final int NATS = 4222;

  private Namespaces machines;
  private Wattle one;
  private Wattle two;
  private Wattle three;
  private JoinedHost second;
  private JoinedHost third;
  private String token;

  @BeforeAll
  void start() throws Exception {
    Namespaces.assumeAvailable();
    machines = Namespaces.create(3);
    one = Wattle.on(machines.machine(1), "384m");
    two = Wattle.on(machines.machine(2), "256m");
    three = Wattle.on(machines.machine(3), "256m");
    JsonNode up = up();
    token = up.path("join_token").asText();
    second = JoinedHost.start(two, "two", token);
    third = JoinedHost.start(three, "three", token);
    second.awaitReady();
    third.awaitReady();
  }

  private JsonNode up() throws Exception {
    String listen = machines.machine(1).address() + ":" + NATS;
    return one.up("--listen", listen, "--label", "machine=one").json();
  }

  @AfterAll
  void stop() throws Exception {
    try {
      for (JoinedHost host : new JoinedHost[] {second, third}) {
        if (host != null) {
          host.kill();
        }
      }
      for (Wattle wattle : new Wattle[] {two, three, one}) {
        if (wattle != null) {
          wattle.close();
        }
      }
    } finally {
      if (machines != null) {
        machines.close();
      }
    }
  }

  @Test
  @Order(1)
  void aSpreadApplicationAnswersOnAllMachines() throws Exception {
    assertThat(one.run("token").exits(0).out().strip()).isEqualTo(token);
    String manifest = Manifests.write(two.folder(), "three-machines.yaml", Map.of("port", HTTP));
    two.run("app", "deploy", manifest, "--join", tokenFile(two, token)).exits(0);

    try (LatticeView lattice = LatticeView.of(JoinToken.parse(token, Instant.now()).options());
        LatticeView.Tap store = lattice.tap("three-kv")) {
      await().atMost(PATIENCE).until(() -> listed() == 3);
      Set<String> hosts = new TreeSet<>();
      await().atMost(PATIENCE).until(() -> hosts.addAll(hosts()) && hosts.size() == 3);
      await()
          .alias("an instance on each machine")
          .atMost(PATIENCE)
          .until(() -> lattice.instances("three-counter", hosts).keySet().equals(hosts));
      for (int count = 1; count <= machines.machines().size(); count++) {
        String url = "http://" + machines.machine(count).address() + ":" + HTTP + "/";
        assertThat(Web.get(url).is(200).body().strip())
            .as("one store behind all machines")
            .endsWith(": " + count);
      }
      await()
          .alias("the counts of the second and the third machine go to the store on the first")
          .atMost(PATIENCE)
          .until(() -> store.calls() >= 2);
      Proved.that(
          "a token of %d characters let two machines in; the application answers on three"
              + " addresses, with %d calls between machines over TLS",
          token.length(), store.calls());
    }
  }

  @Test
  @Order(2)
  void whoHasNoGoodTokenIsRefused() throws Exception {
    JoinToken good = JoinToken.parse(token, Instant.now());
    Fingerprint other = new Fingerprint("ab".repeat(32));
    refused(with(good, good.authority(), "wrong"), "refused user wattle");
    refused(with(good, other, good.password()), "is not trusted");

    String cut = token.substring(0, token.length() - 20);
    assertThat(host(cut).exits(2).failure()).contains("not whole");

    String address = good.addresses().getFirst();
    String plain = "nats://" + good.user() + ":" + good.password() + "@" + address;
    Outcome outcome = two.run("get", "hosts", "-o", "json", "--nats-url", plain).exits(5);
    assertThat(outcome.failure()).contains("asks for TLS");
    assertThat(outcome.toString().replace(plain, "")).doesNotContain(good.password());
  }

  @Test
  @Order(2)
  void aLatticeThatIsNotThereIsWaitedForAndThenMissed() throws Exception {
    JoinToken good = JoinToken.parse(token, Instant.now());
    String nobody = machines.machine(3).address() + ":1";
    JoinToken lost =
        new JoinToken(
            List.of(nobody),
            good.authority(),
            good.user(),
            good.password(),
            good.lattice(),
            good.validUntil());
    Outcome outcome = host(lost.text()).exits(5);
    assertThat(outcome.failure()).contains("not reached").contains(nobody);
    assertThat(outcome.err()).contains("waiting for the lattice");
  }

  @Test
  @Order(3)
  void theTokenIsGoodForTheNextUpToo() throws Exception {
    one.run("down").exits(0);
    assertThat(up().path("join_token").asText()).isEqualTo(token);
    await("hosts come back by themselves")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> hosts().size() == 3);
    Proved.that("down and up kept token and certificates: two hosts came back by themselves");
  }

  @Test
  @Order(4)
  void aHostLeavesInGoodOrder() throws Exception {
    assertThat(third.terminate()).as("exit code after SIGTERM").isZero();
    await().atMost(PATIENCE).ignoreExceptions().until(() -> hosts().size() == 2);
    String[] stop = {"stop", "host", second.id(), "-t", "3000", "--join", tokenFile(two, token)};
    await()
        .atMost(PATIENCE)
        .until(() -> two.run(stop).exit() == 0 || second.hasEnded()); // its answer may be late
    assertThat(second.awaitEnd()).as("exit code after `stop host`").isZero();
  }

  private void refused(JoinToken bad, String why) throws Exception {
    assertThat(host(bad.text()).exits(5).failure()).contains(why);
  }

  /** A host that should not get in. */
  private Outcome host(String text) throws Exception {
    String data = two.folder().resolve("uninvited").toString();
    return two.run(
        "host", "-o", "json", "--wait", "1", "--data", data, "--join", tokenFile(two, text));
  }

  private static JoinToken with(JoinToken token, Fingerprint authority, String password) {
    return new JoinToken(
        token.addresses(), authority, token.user(), password, token.lattice(), token.validUntil());
  }

  /** How many hosts there are, as the second machine sees it. */
  private int listed() throws Exception {
    return two.run("get", "hosts", "-o", "json", "-t", "2000", "--join", tokenFile(two, token))
        .json()
        .path("hosts")
        .size();
  }

  /** Ids of the hosts that answer. */
  private Set<String> hosts() throws Exception {
    try (LatticeView lattice = LatticeView.of(JoinToken.parse(token, Instant.now()).options())) {
      return lattice.control().pingHosts(Duration.ofSeconds(1)).stream()
          .map(HostInfo::id)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  static String tokenFile(Wattle wattle, String text) throws Exception {
    Path file = Files.createTempFile(wattle.folder(), "token", "");
    Files.writeString(file, text + "\n");
    return file.toString();
  }
}
