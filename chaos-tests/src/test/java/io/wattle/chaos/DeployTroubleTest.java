package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Applications that cannot be what they want to be, and commands that come twice or in vain. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeployTroubleTest {
  private Wattle wattle;

  @BeforeAll
  void start() throws Exception {
    wattle = Wattle.withHeap("512m");
    wattle.up();
  }

  @AfterAll
  void stop() throws Exception {
    wattle.close();
  }

  @Test
  void portTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String manifest =
          Manifests.write(
              wattle.folder(),
              "hello.yaml",
              Map.of("port", taken.getLocalPort(), "app", "port-taken"));
      Outcome deploy =
          wattle.run("app", "deploy", "-o", "json", "--timeout", "90", manifest).exits(1);
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(deploy.failure()).contains("cannot listen on", address);
      Outcome status = wattle.run("app", "status", "-o", "json", "port-taken").exits(0);
      assertThat(status.json().toString()).contains("cannot listen on", address);
      Proved.that("a taken port: %s", deploy.failure().lines().skip(1).findFirst().orElse("?"));
    }
    wattle.run("app", "delete", "port-taken").exits(0);
  }

  @Test
  void twoDeploysAtOnce() throws Exception {
    int port = Ports.free();
    String manifest =
        Manifests.write(wattle.folder(), "hello.yaml", Map.of("port", port, "app", "twice"));
    Wattle.Running first = wattle.start("app", "deploy", "-o", "json", manifest);
    Wattle.Running second = wattle.start("app", "deploy", "-o", "json", manifest);
    first.await().exits(0);
    second.await().exits(0);
    Web.get("http://127.0.0.1:" + port + "/").is(200);
    JsonNode inventory = wattle.run("get", "inventory", "-o", "json").exits(0).json();
    assertThat(inventory.findValuesAsText("id").stream().filter("twice-hello"::equals).count())
        .as(inventory::toString)
        .isEqualTo(1);
    wattle.run("app", "delete", "twice").exits(0);
    Proved.that("two deploys of one manifest at once: both succeed, it runs once");
  }

  @Test
  void imagesThatAreNoComponents() throws Exception {
    Files.writeString(wattle.folder().resolve("prose.wasm"), "This is not Wasm.");
    String manifest =
        Manifests.write(
            wattle.folder(), "unfit.yaml", Map.of("folder", wattle.folder().toString()));
    wattle.run("app", "deploy", "-o", "json", "--timeout", "20", manifest).exits(1);
    JsonNode status =
        await()
            .atMost(Duration.ofSeconds(90))
            .until(() -> statusOf("unfit"), DeployTroubleTest::isDecided);
    assertThat(message(status, "absent")).contains("nobody-made-me.wasm");
    assertThat(message(status, "prose")).contains("prose.wasm").containsIgnoringCase("wasm");
    assertThat(message(status, "core")).contains("core", "not a component");
    assertThat(message(status, "nextwasi")).contains("0.3");
    assertThat(type(item(status, "good"))).isEqualTo("deployed");
    wattle.run("app", "delete", "unfit").exits(0);
    for (String name : new String[] {"absent", "prose", "core", "nextwasi"}) {
      assertThat(type(item(status, name))).isEqualTo("failed");
      Proved.that("%s: %s", name, message(status, name));
    }
  }

  private JsonNode statusOf(String app) throws Exception {
    return wattle.run("app", "status", "-o", "json", app).exits(0).json().path("status");
  }

  /** Whether nothing is under way any more. */
  private static boolean isDecided(JsonNode status) {
    for (JsonNode item : status.path("scalers")) {
      if (!type(item).matches("failed|deployed")) {
        return false;
      }
    }
    return true;
  }

  private static String type(JsonNode item) {
    return item.path("status").path("type").asText();
  }

  @Test
  void importThatNobodyServesIsConditionAndNoRefusal() throws Exception {
    int port = Ports.free();
    String manifest = Manifests.write(wattle.folder(), "missing-link.yaml", Map.of("port", port));
    wattle.run("app", "deploy", "-o", "json", "--timeout", "90", manifest).exits(0);
    JsonNode status = wattle.run("app", "status", "-o", "json", "missing-link").exits(0).json();
    assertThat(status.toString()).contains("wattle:missing/nobody");
    Web.Reply reply = Web.get("http://127.0.0.1:" + port + "/");
    assertThat(reply.status()).as(reply::toString).isEqualTo(500);
    assertThat(reply.body()).contains("wattle:missing/nobody");
    wattle.run("app", "delete", "missing-link").exits(0);
    Proved.that("an import that nobody serves: %s", reply.body().strip());
  }

  @Test
  void stopOfWhatDoesNotRun() throws Exception {
    for (String kind : new String[] {"component", "provider", "host"}) {
      Outcome stop = wattle.run("stop", kind, "-o", "json", "nobody").exits(3);
      assertThat(stop.failure()).contains("nobody");
      Proved.that("stop %s nobody: %s", kind, stop.failure());
    }
    wattle.run("app", "undeploy", "-o", "json", "nobody").exits(3);
    wattle.run("app", "deploy", "-o", "json", "nobody").exits(3);
  }

  /** As older articles show it, with another port. */
  @Test
  void flatLinkFormOfOlderManifests() throws Exception {
    int port = Ports.free();
    String manifest = Manifests.write(wattle.folder(), "my-api.yaml", Map.of("port", port));
    String image = "api-handler=" + Repository.guest("http-hello-world");
    wattle.run("app", "deploy", "--image", image, manifest).exits(0);
    Web.Reply reply = Web.get("http://127.0.0.1:" + port + "/").is(200);
    assertThat(reply.body()).contains("Hello from Wattle!");
    wattle.run("app", "delete", "my-api").exits(0);
    Proved.that("the old flat link form is deployed and answers: %s", reply.body().strip());
  }

  private static String message(JsonNode status, String name) {
    return item(status, name).path("status").path("message").asText();
  }

  /** The component's own line of the status. */
  private static JsonNode item(JsonNode status, String name) {
    for (JsonNode scaler : status.path("scalers")) {
      if (scaler.path("name").asText().equals("unfit-" + name)) {
        return scaler;
      }
    }
    throw new AssertionError("no " + name + " in " + status);
  }
}
