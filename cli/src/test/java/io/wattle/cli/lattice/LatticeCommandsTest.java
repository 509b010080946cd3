package io.wattle.cli.lattice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wattle.cli.Running;
import io.wattle.cli.Said;
import io.wattle.host.Host;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.kv.LatticeData;
import io.wattle.lattice.testing.NatsForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands that change or show a lattice by hand, against real hosts. */
final class LatticeCommandsTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  @TempDir Path dir;
  private CliLattice lattice;

  @BeforeEach
  void open() {
    lattice = new CliLattice(NATS, dir);
  }

  @AfterEach
  void close() {
    lattice.close();
  }

  @Test
  void labelsAreSetShownAndRemoved() throws Exception {
    Host host = lattice.host(o -> o.friendlyName("quiet-reed").labels(Map.of("zone", "south")));

    JsonNode set = lattice.done("label", "reed", "zone=north", "rack=7", "-o", "json").json();
    assertThat(set.at("/labels/zone").asText()).isEqualTo("north");
    assertThat(set.at("/labels/rack").asText()).isEqualTo("7");
    assertThat(set.path("host_id").asText()).isEqualTo(host.id());
    assertThat(host.inventory().labels()).containsEntry("zone", "north").containsEntry("rack", "7");

    lattice.done("label", "quiet-reed", "rack=7", "--delete");
    assertThat(host.inventory().labels()).doesNotContainKey("rack").containsKey("hostcore.os");

    Said absent = lattice.wattle("label", "quiet-reed", "rack", "--delete", "-o", "json");
    assertThat(absent.exitCode()).isEqualTo(3);
    assertThat(absent.json().at("/error/message").asText()).contains("no label rack");
    Said builtIn = lattice.wattle("label", "quiet-reed", "hostcore.os=plan9");
    assertThat(builtIn.exitCode()).isEqualTo(2);
    assertThat(builtIn.err()).contains("hostcore.");
  }

  /** As in wasmCloud, whose host keeps them in memory only. */
  @Test
  void labelsSetByHandEndWithTheHost() throws Exception {
    Host host = lattice.host(o -> o.friendlyName("quiet-reed").labels(Map.of("zone", "south")));
    lattice.done("label", "quiet-reed", "zone=north");
    host.close();

    Host again = lattice.again(o -> o.labels(Map.of("zone", "south")));

    assertThat(again.id()).isEqualTo(host.id());
    assertThat(again.inventory().labels()).containsEntry("zone", "south");
  }

  @Test
  void updateReplacesTheCodeOfARunningComponent() throws Exception {
    lattice.host();
    String before = CliLattice.guest("greeter-c");
    Path copy = dir.resolve("greeter-2.wasm");
    Files.copy(Path.of(before), copy);
    lattice.done("start", "component", before, "greeter");

    JsonNode said =
        lattice.done("update", "component", "greeter", copy.toString(), "-o", "json").json();
    assertThat(said.path("image").asText()).isEqualTo("file://" + copy);
    assertThat(said.path("message").asText()).contains("updating from");
    JsonNode host = lattice.done("get", "inventory", "-o", "json").json().at("/inventories/0");
    assertThat(host.at("/components/0/image_ref").asText()).isEqualTo("file://" + copy);

    Said same = lattice.done("update", "component", "greeter", copy.toString());
    assertThat(same.out()).contains("runs it already");
    Said absent = lattice.wattle("update", "component", "nobody", copy.toString());
    assertThat(absent.exitCode()).isEqualTo(3);
    assertThat(absent.err()).contains("component nobody does not run on any host");
    Path broken = Files.writeString(dir.resolve("broken.wasm"), "no wasm");
    Said failed = lattice.wattle("update", "component", "greeter", broken.toString());
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("broken.wasm").doesNotContain("\tat ");
  }

  @Test
  void claimsOfOtherHostsAreShown() throws Exception {
    lattice.host();
    assertThat(lattice.done("get", "claims").out()).contains("no claims");
    LatticeConnection connection = NATS.connect();
    LatticeData.open(connection, BucketOptions.DEFAULT)
        .putClaims(
            "MCOMPONENT",
            Map.of(
                "call_alias", "",
                "issuer", "AISSUER",
                "name", "hello",
                "revision", "4",
                "subject", "MCOMPONENT",
                "tags", List.of("one", "two"),
                "version", "0.1.0"));

    JsonNode claims = lattice.done("get", "claims", "-o", "json").json().path("claims");

    assertThat(claims).hasSize(1);
    assertThat(claims.get(0).path("iss").asText()).isEqualTo("AISSUER");
    assertThat(claims.get(0).path("rev").asText()).isEqualTo("4");
    assertThat(claims.get(0).path("tags").asText()).isEqualTo("one,two");
    assertThat(lattice.done("get", "claims").out()).contains("hello", "MCOMPONENT", "one,two");
  }

  @Test
  void watchingTellsEachChangeOnce() throws Exception {
    lattice.host();
    try (Running watch = lattice.start("get", "links", "-w", "100", "-o", "json")) {
      watch.awaitLine("\"links\":[]");
      lattice.done("link", "put", "a", "b", "wasi", "keyvalue", "--interface", "store");
      watch.awaitLine("\"source_id\":\"a\"");
      lattice.done("link", "del", "a", "wasi", "keyvalue");
      lattice.done("link", "put", "c", "d", "wasi", "keyvalue", "--interface", "store");
      watch.awaitLine("\"source_id\":\"c\"");
      List<String> lines = watch.lines();
      for (int i = 1; i < lines.size(); i++) {
        assertThat(lines.get(i)).isNotEqualTo(lines.get(i - 1));
      }
      for (String line : lines) {
        assertThat(new ObjectMapper().readTree(line).path("success").asBoolean()).isTrue();
      }
    }
    assertThat(lattice.wattle("get", "links", "--watch", "0").exitCode()).isEqualTo(2);
  }

  @Test
  void callTakesJson() throws Exception {
    lattice.host();
    lattice.done("start", "component", CliLattice.guest("greeter-c"), "greeter");

    Said json = lattice.done("call", "greeter", "greet", "--json", "\"World\"", "-o", "json");
    Said wave = lattice.done("call", "greeter", "greet", "World", "-o", "json");
    assertThat(json.json().path("result").asText()).contains("World");
    assertThat(json.json()).isEqualTo(wave.json());

    Said unquoted = lattice.wattle("call", "greeter", "greet", "--json", "World");
    assertThat(unquoted.exitCode()).isEqualTo(2);
    assertThat(unquoted.err()).contains("World is not JSON", "needs quotes");
    Said wrong = lattice.wattle("call", "greeter", "greet", "--json", "{\"name\":1}");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("expected: a string");
  }

  @Test
  void namesForTheShellAreOneALine() throws Exception {
    lattice.host(o -> o.friendlyName("quiet-reed"));
    lattice.done("start", "component", CliLattice.guest("greeter-c"), "greeter");

    assertThat(lattice.done("names", "hosts").out()).isEqualTo("quiet-reed\n");
    assertThat(lattice.done("names", "ids").out()).isEqualTo("greeter\n");
    assertThat(lattice.done("names", "providers").out()).isEmpty();
  }
}
