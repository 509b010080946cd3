package io.wattle.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Subscription;
import io.wattle.controlplane.lease.Lease;
import io.wattle.controlplane.store.AppStore;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.testing.NatsForTests;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The API as wadm's clients use it, over a real server (control plane reference, sections 3 and
 * 8.2).
 */
final class WadmApiTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();

  private LatticeConnection connection;
  private ApiClient client;
  private WadmApi api;

  @BeforeEach
  void start() throws Exception {
    connection = NATS.connect();
    client = new ApiClient(NATS.connect());
    api = start(connection);
  }

  private static WadmApi start(LatticeConnection connection) throws Exception {
    AppStore store = AppStore.open(connection, InstantSource.system());
    return WadmApi.start(
        connection,
        store,
        new StatusBoard(connection, Lease.open(connection, InstantSource.system(), () -> {})),
        InstantSource.system());
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static void assertReply(JsonNode reply, String result, String message) {
    assertThat(reply.path("message").asText()).isEqualTo(message);
    assertThat(reply.path("result").asText()).isEqualTo(result);
  }

  private List<String> versions(String app) throws InterruptedException {
    List<String> all = new ArrayList<>();
    client
        .ask("versions." + app, "")
        .path("versions")
        .forEach(
            v -> all.add(v.path("version").asText() + (v.path("deployed").asBoolean() ? "*" : "")));
    return all;
  }

  @Test
  void createReadUpdateDelete() throws Exception {
    JsonNode first = client.put(ApiClient.app("one", "v0.0.1"));
    assertReply(first, "created", "Successfully put manifest one ");
    assertThat(first.path("current_version").asText()).isEqualTo("v0.0.1");
    assertThat(first.path("total_versions").asInt()).isEqualTo(1);
    assertThat(first.path("name").asText()).isEqualTo("one");

    String generated = client.put(ApiClient.app("two", "")).path("current_version").asText();
    assertThat(generated).hasSize(26);
    assertThat(client.ask("get.two", "").at("/manifest/metadata/annotations/version").asText())
        .isEqualTo(generated);
    JsonNode more = client.put(ApiClient.app("two", "v0.0.2"));
    assertReply(more, "newversion", "Successfully put manifest two " + generated);
    assertThat(client.put(ApiClient.app("two", "v0.0.3")).path("total_versions").asInt())
        .isEqualTo(3);

    JsonNode list = client.ask("list", "");
    assertThat(list.isArray()).isTrue();
    assertThat(list).hasSize(2);
    assertThat(list.get(1).path("name").asText()).isEqualTo("two");
    assertThat(list.get(1).path("version").asText()).isEqualTo("v0.0.3");
    assertThat(list.get(1).path("description").asText()).isEqualTo("A test");
    assertThat(list.get(1).path("deployed_version").isNull()).isTrue();
    assertThat(list.get(1).at("/detailed_status/status/type").asText()).isEqualTo("undeployed");
    assertThat(client.ask("get", "").path("models")).isEqualTo(list);

    assertThat(versions("two")).containsExactly(generated, "v0.0.2", "v0.0.3");
    assertReply(
        client.ask("get.two", "{\"version\":\"v0.0.2\"}"),
        "success",
        "Successfully fetched application two v0.0.2");
    assertReply(
        client.ask("get.two", "{\"version\":\"latest\"}"),
        "notfound",
        "Application two with version latest doesn't exist");
    JsonNode deleted = client.ask("del.two", "{\"version\":\"v0.0.2\"}");
    assertReply(deleted, "deleted", "Successfully deleted version v0.0.2 of application two");
    assertThat(deleted.path("undeploy").asBoolean()).isFalse();
    assertThat(versions("two")).containsExactly(generated, "v0.0.3");
    assertReply(client.ask("del.two", ""), "deleted", "Successfully deleted application two");
    assertReply(client.ask("get.two", ""), "notfound", "Application with the name two not found");
    assertReply(
        client.ask("del.one", "{\"version\":\"v0.0.1\"}"),
        "deleted",
        "Successfully deleted last version of application one");
    assertReply(client.ask("get.one", ""), "notfound", "Application with the name one not found");
    assertThat(client.ask("list", "")).isEmpty();
    assertThat(client.put(ApiClient.app("one", "v0.0.1")).path("result").asText())
        .isEqualTo("created");
  }

  @Test
  void badRequests() throws Exception {
    client.put(ApiClient.app("a", "v1"));
    assertReply(
        client.put(ApiClient.app("a", "v1").replace("test/p", "other/p")),
        "error",
        "Manifest version v1 already exists");
    assertThat(client.put(ApiClient.app("a", "v1")).path("result").asText()).isEqualTo("created");
    assertReply(
        client.put(ApiClient.app("a", "latest")),
        "error",
        "invalid manifest version, errors: \"latest is not allowed in wadm\"");
    assertReply(
        client.put("{}", "text/plain"),
        "error",
        "Unsupported content type text/plain given. Wadm supports YAML and JSON");
    JsonNode broken = client.put(ApiClient.app("a", "v1").replace("image", "imige"));
    assertThat(broken.path("message").asText()).startsWith("Unable to parse manifest: ");
    assertThat(broken.at("/problems/0/path").asText()).isEqualTo("spec.components[0].properties");
    assertThat(broken.at("/problems/1/line").asInt()).isEqualTo(10);
    assertThat(broken.at("/problems/1/hint").asText()).isEqualTo("did you mean \"image\"?");
    assertThat(client.ask("get.a", "{not json").path("result").asText()).isEqualTo("error");
    assertReply(
        client.ask("del.b", ""), "noop", "Application b doesn't exist or was already deleted");
    assertReply(
        client.ask("del.a", "{\"version\":\"v9\"}"),
        "noop",
        "Application version v9 doesn't exist");
    assertThat(client.ask("status.b", "").at("/status/status/type").asText())
        .isEqualTo("undeployed");
    assertThat(client.ask("history.a", "").path("message").asText())
        .startsWith("Model deployment history is not currently supported");
  }

  @Test
  void invalidSubjects() throws Exception {
    assertThat(client.raw("wadm.api.default.model", "").path("message").asText())
        .startsWith("Invalid subject");
    assertThat(client.raw("wadm.api.default.model.get.a.b", "").path("message").asText())
        .startsWith("Invalid subject")
        .contains("Found extra components of subject");
    assertThat(client.raw("wadm.api.default.blah.get.x", "").path("message").asText())
        .isEqualTo("Unsupported subject: wadm.api.default.blah.get.x");
    assertThat(client.raw("wadm.api.default.model.deploy", "").path("message").asText())
        .startsWith("Unsupported subject");
  }

  @Test
  void formats() throws Exception {
    String yaml = ApiClient.app("f", "v1");
    assertThat(client.put(yaml, "application/yaml").path("result").asText()).isEqualTo("created");
    String json = Json.mapper().writeValueAsString(client.ask("get.f", "").path("manifest"));
    assertThat(
            client.put(json.replace("v1", "v2"), "application/json").path("total_versions").asInt())
        .isEqualTo(2);
    assertThat(client.put(json.replace("v1", "v3")).path("total_versions").asInt()).isEqualTo(3);
    assertThat(client.put(yaml, "application/json").path("result").asText()).isEqualTo("error");
  }

  @Test
  void deployAndUndeploy() throws Exception {
    client.put(ApiClient.app("d", "v0.0.1"));
    client.put(ApiClient.app("d", "v0.0.2"));
    Subscription events = connection.nats().subscribe("wadm.evt." + connection.lattice() + ".*");
    connection.flush(Duration.ofSeconds(60));
    assertReply(client.ask("deploy.x", ""), "notfound", "Application with the name x not found");
    assertReply(client.ask("undeploy.x", ""), "notfound", "Application with the name x not found");
    JsonNode deployed = client.ask("deploy.d", "");
    assertReply(deployed, "acknowledged", "Successfully deployed application d v0.0.2");
    assertThat(deployed.path("version").asText()).isEqualTo("v0.0.2");
    JsonNode event = event(events);
    assertThat(event.path("type").asText()).isEqualTo("com.wadm.manifest_published");
    assertThat(event.at("/data/metadata/name").asText()).isEqualTo("d");
    assertThat(client.ask("status.d", "").at("/status/status/type").asText())
        .isEqualTo("reconciling");
    assertReply(
        client.ask("deploy.d", "{\"version\":\"v0.0.1\"}"),
        "acknowledged",
        "Successfully deployed application d v0.0.1");
    assertThat(versions("d")).containsExactly("v0.0.1*", "v0.0.2");
    client.ask("deploy.d", "{\"version\":\"latest\"}");
    assertThat(versions("d")).containsExactly("v0.0.1", "v0.0.2*");
    assertReply(
        client.ask("deploy.d", "{\"version\":\"v7\"}"),
        "error",
        "Application with the name 'd' does not have a version 'v7' to deploy");
    event(events);
    event(events);
    assertReply(
        client.ask("undeploy.d", "{\"non_destructive\":false}"),
        "acknowledged",
        "Successfully undeployed application d");
    assertThat(event(events).path("type").asText()).isEqualTo("com.wadm.manifest_unpublished");
    assertThat(versions("d")).containsExactly("v0.0.1", "v0.0.2");
    assertReply(
        client.ask("undeploy.d", ""), "acknowledged", "Application d was already undeployed");
    event(events);
    client.ask("deploy.d", "");
    event(events);
    JsonNode deleted = client.ask("del.d", "{\"version\":\"v0.0.2\"}");
    assertThat(deleted.path("undeploy").asBoolean()).isTrue();
    assertThat(event(events).at("/data/name").asText()).isEqualTo("d");
  }

  private static JsonNode event(Subscription events) throws InterruptedException {
    return Json.tree(events.nextMessage(Duration.ofSeconds(90)).getData(), "event");
  }

  @Test
  void anIdIsDeployedOnce() throws Exception {
    String one = ApiClient.app("one", "v1").replace("{image:", "{id: server, image:");
    client.put(one);
    client.put(one.replace("name: one", "name: two"));
    client.ask("deploy.one", "");
    assertReply(
        client.ask("deploy.two", ""),
        "error",
        "Component identifier 'server' is already deployed in a different application 'one'.");
  }

  @Test
  void sharedComponents() throws Exception {
    String user =
        ApiClient.app("user", "v1")
            .replace("{image: \"test/p:v1\"}", "{application: {name: base, component: p}}");
    assertReply(
        client.put(user),
        "created",
        "Successfully put manifest user , but some shared components are not deployed: [\"p\"]");
    assertReply(
        client.ask("deploy.user", ""),
        "error",
        "Application contains shared components that are not deployed in other applications:"
            + " [\"p\"]");
    client.put(ApiClient.app("base", "v1"));
    client.ask("deploy.base", "");
    assertThat(client.ask("deploy.user", "").path("result").asText()).isEqualTo("error");
    client.put(
        ApiClient.app("base", "v2")
            .replace("version: v2", "version: v2, experimental.wasmcloud.dev/shared: true"));
    client.ask("deploy.base", "");
    assertThat(client.ask("deploy.user", "").path("result").asText()).isEqualTo("acknowledged");
  }

  @Test
  void manyAtOnceLoseNothing() throws Exception {
    try (LatticeConnection other = NATS.connect();
        WadmApi second = start(other);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      assertThat(second).isNotNull();
      List<Callable<JsonNode>> puts = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        String manifest = ApiClient.app("busy", "v" + i);
        puts.add(() -> client.put(manifest));
      }
      for (Future<JsonNode> reply : threads.invokeAll(puts)) {
        assertThat(reply.get().path("result").asText()).isIn("created", "newversion");
      }
      assertThat(versions("busy")).hasSize(24);
      List<Callable<JsonNode>> deploys =
          List.of(
              () -> client.ask("deploy.busy", "{\"version\":\"v3\"}"),
              () -> client.ask("deploy.busy", "{\"version\":\"v5\"}"));
      for (Future<JsonNode> reply : threads.invokeAll(deploys)) {
        assertThat(reply.get().path("result").asText()).isEqualTo("acknowledged");
      }
      assertThat(versions("busy")).filteredOn(v -> v.endsWith("*")).hasSize(1);
    }
  }

  @Test
  void everythingSurvivesTheServersDeath() throws Exception {
    client.put(ApiClient.app("kept", "v1"));
    client.ask("deploy.kept", "");
    NATS.restartServer();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(versions("kept")).containsExactly("v1*"));
  }
}
