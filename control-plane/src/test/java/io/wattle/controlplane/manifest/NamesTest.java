package io.wattle.controlplane.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Ids and names other tools rely on (control plane reference, section 1.4). */
final class NamesTest {
  @Test
  void generatedIds() {
    assertThat(Names.generated("mymodel", "echo-component")).isEqualTo("mymodel-echo_component");
    assertThat(Names.generated("My ThInG", "thing.wasm")).isEqualTo("my_thing-thing_wasm");
    assertThat(Names.sanitize("Ärger\uD83D\uDE00")).isEqualTo("_rger_");
  }

  @Test
  void namesOfAManifest() throws Exception {
    Manifest manifest = Parsing.accepted(Parsing.resource("counter.yaml")).manifest();
    assertThat(manifest.components())
        .extracting(c -> Names.id(manifest, c))
        .containsExactly("counter_app-counter", "the-kv", "counter_app-web_server");
    Manifest.Properties counter = manifest.components().get(0).properties();
    assertThat(Names.all(manifest.name(), counter.config(), counter.secrets()))
        .isEqualTo(List.of("counter_app-defaults", "external-one", "SECRET_counter_app-token"));
  }

  @Test
  void aSharedComponentHasTheIdOfItsApplication() {
    Manifest manifest =
        Parsing.accepted(
                Parsing.app(
                    Parsing.part(
                        "component", "a", "application: {name: Shared-Http, component: web}")))
            .manifest();
    assertThat(Names.id(manifest, manifest.components().get(0))).isEqualTo("shared_http-web");
  }
}
