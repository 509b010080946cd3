package io.wattle.lattice.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinksTest {
  private final Link store = Link.of("app", "redis", "wasi", "keyvalue", "store", "atomics");

  @Test
  void theSameLinkIsReplacedInPlace() {
    Link other = Link.of("app", "http", "wasi", "http", "outgoing-handler");
    Link changed = store.withConfigs(List.of(), List.of("new"));
    assertThat(Links.put(List.of(store, other), changed, false))
        .isEqualTo(new Links.Put.Stored(List.of(changed, other), true));
    assertThat(Links.put(List.of(store, other), store, false))
        .isEqualTo(new Links.Put.Stored(List.of(store, other), false));
  }

  @Test
  void anotherTargetForTheSameInterfaceIsAConflict() {
    Link elsewhere = Link.of("app", "vault", "wasi", "keyvalue", "atomics");
    assertThat(Links.put(List.of(store), elsewhere, false))
        .isEqualTo(new Links.Put.Conflict(store));
    assertThat(Links.put(List.of(store), elsewhere, true))
        .isEqualTo(new Links.Put.Stored(List.of(elsewhere), true));
  }

  @Test
  void oneNameMayFanDifferentInterfacesToDifferentTargets() {
    Link batch = Link.of("app", "vault", "wasi", "keyvalue", "batch");
    assertThat(Links.put(List.of(store), batch, false))
        .isEqualTo(new Links.Put.Stored(List.of(store, batch), true));
    assertThat(Links.put(List.of(store), store.withName("backup"), false))
        .isEqualTo(new Links.Put.Stored(List.of(store, store.withName("backup")), true));
  }

  @Test
  void aDeleteTakesTheFirstWithTheKeyWhateverItsTarget() {
    Link batch = Link.of("app", "vault", "wasi", "keyvalue", "batch");
    assertThat(Links.delete(List.of(store, batch), LinkKey.of(batch))).containsExactly(batch);
    assertThat(Links.delete(List.of(batch), LinkKey.of(store.withName("x"))))
        .containsExactly(batch);
  }

  @Test
  void routesByNameAndInterfaceWithoutVersion() {
    Link backup = Link.of("app", "vault", "wasi", "keyvalue", "store").withName("backup");
    List<Link> links = List.of(store, backup);
    assertThat(Links.route(links, "default", "wasi:keyvalue/store@0.2.0-draft")).contains(store);
    assertThat(Links.route(links, "backup", "wasi:keyvalue/store")).contains(backup);
    assertThat(Links.route(links, "backup", "wasi:keyvalue/atomics")).isEmpty();
    assertThat(Links.route(links, "default", "wasi:keyvalue2/store")).isEmpty();
  }

  @Test
  void readsWhatOthersWriteAndKeepsWhatItDoesNotKnow() {
    String json =
        """
        {"source_id":"app","target":"redis","wit_namespace":"wasi","wit_package":"keyvalue",
         "interfaces":["store"],"future":{"deep":[1,2]}}""";
    Link link = Json.read(json.getBytes(StandardCharsets.UTF_8), Link.class, "link");
    assertThat(link.name()).isEqualTo("default");
    assertThat(link.sourceConfig()).isEmpty();
    assertThat(new String(Json.write(link.withName("x")), StandardCharsets.UTF_8))
        .contains("\"future\":{\"deep\":[1,2]}")
        .contains("\"source_id\":\"app\"")
        .contains("\"name\":\"x\"")
        .doesNotContain("extra")
        .doesNotContain("packageName")
        .doesNotContain("package_name");
  }

  @Test
  void saysWhatIsMissing() {
    byte[] json = "{\"source_id\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Json.read(json, Link.class, "link"))
        .isInstanceOf(LatticeException.class)
        .hasMessageContaining("target: missing");
  }

  @Test
  void aResolvedLinkHasNullForNoSecrets() {
    InterfaceLinkDefinition resolved =
        InterfaceLinkDefinition.of(store, Map.of(), Map.of("url", "redis://x"));
    String json = new String(Json.write(resolved), StandardCharsets.UTF_8);
    assertThat(json).contains("\"source_secrets\":null").contains("\"url\":\"redis://x\"");
    assertThat(Json.read(json.getBytes(StandardCharsets.UTF_8), InterfaceLinkDefinition.class, "x"))
        .isEqualTo(resolved);
  }
}
