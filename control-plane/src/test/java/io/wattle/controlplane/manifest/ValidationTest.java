package io.wattle.controlplane.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of wadm's validation with wadm's sentences (control plane reference, section 2.1). */
final class ValidationTest {
  private static String wadm(String... components) {
    return Parsing.rejected(Parsing.app(components)).wadmMessage();
  }

  @Test
  void names() {
    assertThat(Parsing.rejected(Parsing.app().replace("name: app", "name: my.app")).wadmMessage())
        .isEqualTo(
            "Manifest name my.app contains invalid characters. Manifest names can only contain"
                + " alphanumeric characters, dashes, and underscores.");
    assertThat(
            Parsing.rejected(
                    Parsing.app()
                        .replace("name: app", "name: a.b\n  annotations: {version: latest}"))
                .wadmMessage())
        .isEqualTo("invalid manifest version, errors: \"latest is not allowed in wadm\"");
    assertThat(wadm(Parsing.component("ui"), Parsing.component("vets"), Parsing.component("ui")))
        .isEqualTo("Duplicate component name in manifest: ui");
    assertThat(
            wadm(
                Parsing.part("capability", "a", "image: x\nid: server"),
                Parsing.part("component", "b", "image: y\nid: server")))
        .isEqualTo("Duplicate component identifier in manifest: server");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mymanifest", "my-manifest", "my_manifest", "mymanifest-v2-v3-final", "é"})
  void goodNames(String name) {
    Parsing.accepted(Parsing.app().replace("name: app", "name: " + name));
  }

  @Test
  void links() {
    assertThat(wadm(Parsing.component("a", Parsing.link("httpclient", "http", "outgoing-handler"))))
        .isEqualTo(
            "The following capability component(s) are missing from the manifest: [\"httpclient\"]");
    assertThat(
            wadm(
                Parsing.component(
                    "a",
                    Parsing.link("b", "keyvalue", "atomics"),
                    Parsing.link("c", "keyvalue", "store", "atomics")),
                Parsing.provider("b"),
                Parsing.provider("c")))
        .isEqualTo("Duplicate link found inside component 'a': default (wasi:keyvalue/atomics)");
    assertThat(
            wadm(
                Parsing.component(
                    "a", "- type: link\n  properties: {package: x, interfaces: [y]}")))
        .isEqualTo("custom link is missing 'target' property");
    assertThat(
            wadm(
                Parsing.component(
                    "a", "- type: link\n  properties: {target: {nme: b}, interfaces: [y]}")))
        .isEqualTo("custom link is missing 'target' name property");
    assertThat(
            wadm(
                Parsing.component(
                    "a",
                    "- type: link\n  properties: {target: {name: a}, namespace: 1, package: x,"
                        + " interfaces: [y]}")))
        .isEqualTo(
            "Link trait deserialized as custom trait, ensure fields are correct:"
                + " {\"target\":{\"name\":\"a\"},\"namespace\":1,\"package\":\"x\",\"interfaces\":[\"y\"]}");
    assertThat(wadm(Parsing.component("a", "- type: link\n  properties: {instances: 1}")))
        .startsWith("Link trait deserialized as custom trait");
    assertThat(wadm(Parsing.component("a", "- type: spreadscaler\n  properties: {count: 1}")))
        .isEqualTo(
            "Scaler trait deserialized as custom trait, ensure fields are correct: {\"count\":1}");
  }

  @Test
  void misspeltInterfacesOnlyWarn() {
    for (String link :
        new String[] {
          Parsing.link("b", "keyvalue", "atomic"), Parsing.link("b", "keyvalues", "atomics")
        }) {
      ParsedManifest.Accepted parsed =
          Parsing.accepted(
              Parsing.app(Parsing.component("a", Parsing.spread(1), link), Parsing.provider("b")));
      assertThat(parsed.problems()).hasSize(1);
      assertThat(parsed.problems().get(0).message()).startsWith("unrecognized interface [wasi:");
    }
    assertThat(
            Parsing.accepted(
                    Parsing.app(
                        Parsing.component(
                            "a",
                            Parsing.spread(1),
                            Parsing.link("b", "x", "y").replace("wasi", "my-wasi")),
                        Parsing.provider("b")))
                .problems())
        .isEmpty();
  }

  @Test
  void configsOfLinks() {
    String link =
        """
        - type: link
          properties:
            target: {name: b, config: [{name: c, properties: {}}, {name: free}]}
            source: {config: [{name: c, properties: {a: b}}, {name: free}]}
            namespace: wasi
            package: http
            interfaces: [incoming-handler]
        """;
    assertThat(wadm(Parsing.component("a", link), Parsing.provider("b")))
        .isEqualTo("Duplicate link config name found: 'c'");
  }

  @Test
  void configsThatWouldReplaceEachOtherForEver() {
    ParsedManifest.Rejected rejected =
        Parsing.rejected(
            Parsing.app(
                Parsing.part("component", "a", "image: x\nconfig: [{name: c, properties: {k: a}}]"),
                Parsing.part(
                    "component", "b", "image: x\nconfig: [{name: C, properties: {k: b}}]")));
    assertThat(rejected.problems())
        .filteredOn(Problem::isError)
        .singleElement()
        .extracting(Problem::toString)
        .asString()
        .contains("spec.components[0].properties.config[0] (line 11, column 18)")
        .contains("both are \"app-c\" on the lattice");
  }

  @Test
  void theFlatFormWarns() throws Exception {
    assertThat(Parsing.accepted(Parsing.resource("my-api.yaml")).problems())
        .extracting(Problem::rule)
        .containsExactly(24);
  }

  @Test
  void secrets() {
    String secret = "image: x\nsecrets: [{name: s, properties: {policy: p, key: k}}]";
    assertThat(wadm(Parsing.part("component", "a", secret)))
        .isEqualTo("secret 's' is mapped to unknown policy 'p'");
    String policies = "\n  policies: [{name: p, type: other, properties: {}}]\n  components:";
    String app = Parsing.app(Parsing.part("component", "a", secret));
    assertThat(Parsing.rejected(app.replace("\n  components:", policies)).wadmMessage())
        .isEqualTo(
            "secret 's' is mapped to policy 'p' which is not a secret policy. Expected type"
                + " 'policy.secret.wasmcloud.dev/v1alpha1'");
    String right = policies.replace("other", "policy.secret.wasmcloud.dev/v1alpha1");
    assertThat(Parsing.rejected(app.replace("\n  components:", right)).wadmMessage())
        .isEqualTo(
            "secret 's' is mapped to policy 'p' which does not include a 'backend' property");
  }

  @Test
  void imagesAndSharedApplications() {
    String shared = "application: {name: other, component: x}";
    assertThat(wadm(Parsing.part("component", "a", "image: x\n" + shared)))
        .isEqualTo("Component cannot have both 'image' and 'application' properties");
    assertThat(wadm(Parsing.part("component", "a", "id: x")))
        .isEqualTo("Component must have either 'image' or 'application' property");
    assertThat(wadm(Parsing.part("component", "a", shared + "\nconfig: [{name: c}]")))
        .isEqualTo("Shared component 'other' cannot specify additional 'config'");
    assertThat(wadm(Parsing.part("component", "a", shared, Parsing.spread(1))))
        .isEqualTo("Shared component 'other' cannot include a scaler trait");
    Parsing.accepted(Parsing.app(Parsing.part("component", "a", shared)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "app.oam.io/name", "dash-period.numb3r/any_v4lue"})
  void goodKeys(String key) {
    assertThat(Validator.validKey(key)).isTrue();
  }

  @Test
  void badKeys() {
    assertThat(
            new String[] {
              "my_prefix/app-name",
              "1my_prefix/app-name",
              "my_prefix---/app-name",
              "my_prefix/app-name...",
              "a".repeat(255),
              ""
            })
        .noneMatch(Validator::validKey);
    assertThat(
            Parsing.rejected(Parsing.app().replace("name: app", "name: app\n  labels: {a b: c}"))
                .wadmMessage())
        .isEqualTo("Invalid OAM label: (\"a b\", \"c\")");
  }

  @Test
  void aComponentNobodyStartsIsWorthAWord() {
    assertThat(Parsing.accepted(Parsing.app(Parsing.component("a"))).problems())
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("has no spreadscaler and is never started");
  }
}
