package io.wattle.controlplane.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a manifest says, and that nothing of it is lost. */
final class ManifestParserTest {
  @Test
  void theManifestOfOldArticlesIsAccepted() throws Exception {
    Manifest manifest = Parsing.accepted(Parsing.resource("my-api.yaml")).manifest();
    assertThat(manifest.name()).isEqualTo("my-api");
    assertThat(manifest.version()).isNull();
    Manifest.LinkTrait link = (Manifest.LinkTrait) manifest.components().get(1).traits().get(0);
    assertThat(link.link().target()).isEqualTo("api-handler");
    assertThat(link.link().source().config().get(0).properties())
        .isEqualTo(Map.of("address", "0.0.0.0:8080"));
  }

  @Test
  void everyFieldIsRead() throws Exception {
    ParsedManifest.Accepted parsed = Parsing.accepted(Parsing.resource("counter.yaml"));
    Manifest manifest = parsed.manifest();
    assertThat(manifest.version()).isEqualTo("v0.0.1");
    assertThat(manifest.policies().get(0).properties()).containsEntry("retries", "3");
    Manifest.Component counter = manifest.components().get(0);
    assertThat(counter.properties().config().get(0).properties())
        .isEqualTo(Map.of("greeting", "on"));
    assertThat(counter.properties().config().get(1).properties()).isNull();
    assertThat(counter.properties().secrets().get(0).field()).isEqualTo("value");
    Manifest.ScalerTrait scaler = (Manifest.ScalerTrait) counter.traits().get(0);
    assertThat(scaler.spread()).extracting(Manifest.Spread::weight).containsExactly(80L, 100L);
    Manifest.Component web = manifest.components().get(2);
    assertThat(web.type()).isEqualTo(Manifest.ComponentType.CAPABILITY);
    assertThat(((Manifest.ScalerTrait) web.traits().get(0)).instances()).isEqualTo(1);
    assertThat(((Manifest.LinkTrait) web.traits().get(1)).link().name()).isEqualTo("front");
    assertThat(web.traits().get(2)).isInstanceOf(Manifest.OtherTrait.class);
    assertThat(parsed.problems())
        .extracting(Problem::path)
        .contains("metadata.experimental", "spec.components[2].traits[2]");
  }

  @Test
  void whatIsStoredSaysTheSameAndLosesNothing() throws Exception {
    ParsedManifest.Accepted first = Parsing.accepted(Parsing.resource("counter.yaml"));
    assertThat(first.document().at("/metadata/experimental").asBoolean()).isTrue();
    assertThat(first.document().at("/spec/components/2/traits/2/properties/values/a").asInt())
        .isEqualTo(1);
    assertThat(first.document().at("/spec/policies/0/properties/retries").isTextual()).isTrue();
    String json = new ObjectMapper().writeValueAsString(first.document());
    ParsedManifest again = ManifestParser.parse(json, Format.JSON);
    assertThat(again).isInstanceOf(ParsedManifest.Accepted.class);
    assertThat(((ParsedManifest.Accepted) again).document()).isEqualTo(first.document());
  }

  @Test
  void annotationsAndRequirementsMayBeMissingAndAreWritten() {
    ParsedManifest.Accepted parsed =
        Parsing.accepted(
            Parsing.app(
                Parsing.component(
                    "a",
                    "- type: spreadscaler\n  properties: {instances: 1, spread: [{name: x}]}")));
    assertThat(parsed.document().at("/metadata/annotations").isObject()).isTrue();
    assertThat(
            parsed
                .document()
                .at("/spec/components/0/traits/0/properties/spread/0/requirements")
                .isObject())
        .isTrue();
  }

  @Test
  void yamlOnePointTwoDecidesWhatIsText() {
    assertThat(
            Parsing.rejected(
                    Parsing.app(
                        Parsing.part(
                            "component",
                            "a",
                            """
                            image: x
                            config:
                            - name: c
                              properties: {on: yes, time: 1:30, port: 8080, flag: true}
                            """)))
                .problems())
        .filteredOn(Problem::isError)
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "spec.components[0].properties.config[0].properties.port",
            "spec.components[0].properties.config[0].properties.flag");
  }

  @Test
  void everyProblemIsSaidAtOnceWithItsPlace() {
    ParsedManifest.Rejected rejected =
        Parsing.rejected(
            """
            apiVersion: core.oam.dev/v1beta1
            metadata:
              name: my app
            spec:
              components:
                - name: one
                  type: compnent
                  properties:
                    image: example/one
                    imge: x
                  traits:
                    - type: spreadscaler
                      properties:
                        instances: many
                - name: one
                  type: component
                  properties: {}
            """);
    assertThat(rejected.problems())
        .filteredOn(Problem::isError)
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "1:1: error: kind: missing (expected: text, got: nothing)",
            "3:9: error: metadata.name: manifest name [my app] is not allowed (should match regex"
                + " [^[-\\w]+$]); use letters, digits, dashes and underscores",
            "7:13: error: spec.components[0].type: unknown component type (expected: component or"
                + " capability, got: compnent)",
            "10:9: error: spec.components[0].properties.imge: unknown field (expected: one of"
                + " application, config, id, image, secrets, got: imge); did you mean \"image\"?",
            "14:24: error: spec.components[0].traits[0].properties.instances: wrong type (expected:"
                + " a whole number, 0 or more, got: the text \"many\")",
            "15:13: error: spec.components[1].name: Duplicate component name in manifest: one;"
                + " give one of them another name",
            "17:19: error: spec.components[1].properties: Component must have either 'image' or"
                + " 'application' property; name an image, for example file://./component.wasm");
    assertThat(rejected.wadmMessage()).startsWith("Unable to parse manifest: kind: missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "just text",
        "[]",
        "null",
        "a: [",
        "a: b: c",
        "{\"a\": }",
        "\u0000",
        "---\na: 1\n---\nb: 2",
        "? [a, b]\n: c",
        "&a [*a]",
        "apiVersion: {a: 1}\nkind: []\nmetadata: x\nspec: 1",
        "spec: {components: [1, x, [], {traits: 5}, {traits: [3, {type: [], properties: 1}]}]}",
        "spec: {components: [{traits: [{type: link, properties: {namespace: 1, package: [],"
            + " interfaces: foo, target: 5, source: [], source_config: {}}}]}]}",
        "spec: {components: [{properties: {config: [1, {name: {}, properties: [1]}], secrets:"
            + " [{properties: 4}, {properties: {}}]}}], policies: [1, {}]}"
      })
  void nothingMakesItThrow(String text) {
    assertThat(ManifestParser.parse(text, Format.YAML).problems()).isNotEmpty();
    assertThat(ManifestParser.parse(text, Format.JSON).problems()).isNotEmpty();
  }

  @Test
  void bombsAreRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append(("*a" + (i - 1) + ",").repeat(9)).append("*a").append(i - 1).append("]\n");
    }
    assertThat(Parsing.rejected(bomb.toString()).problems().get(0).message()).contains("aliases");
    assertThat(Parsing.rejected("[".repeat(100_000)).problems()).hasSize(1);
    assertThat(ManifestParser.parse("[".repeat(100_000), Format.JSON).problems()).hasSize(1);
    assertThat(Parsing.rejected("a: b\n".repeat(300_000)).problems().get(0).message())
        .contains("1500000 characters (expected: <= 1048576)");
    assertThat(Parsing.rejected("a: 1\n".repeat(5_000)).problems()).hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void jsonMayBeSentAsYaml() {
    String json =
        "{\"apiVersion\":\"v\",\"kind\":\"Application\",\"metadata\":{\"name\":\"a\"},\n"
            + "\t\"spec\":{\"components\":[]}}";
    assertThat(Parsing.accepted(json).manifest().name()).isEqualTo("a");
    ParsedManifest broken = ManifestParser.parse(json.replace("[]}", "[}"), Format.YAML);
    assertThat(broken.problems().get(0).at().line()).isEqualTo(2);
  }
}
