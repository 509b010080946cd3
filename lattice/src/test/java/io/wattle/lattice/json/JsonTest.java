package io.wattle.lattice.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.link.Link;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final String KNOWN =
      """
      {"id":"a","friendly_name":"f","lattice":"l","labels":{},"version":"1.0.0","components":[],
       "providers":[],"host_id":"N","image_ref":"i","source_id":"s","target":"t","name":"default",
       "wit_namespace":"wasi","wit_package":"http","interfaces":["x"]}
      """;

  @ParameterizedTest
  @ValueSource(
      classes = {
        HostInventory.class,
        ComponentDescription.class,
        ProviderDescription.class,
        Link.class
      })
  void fieldsOfOtherVersionsSurviveWhateverTheyAreCalled(Class<?> type) throws Exception {
    ObjectNode sent = (ObjectNode) Json.mapper().readTree(KNOWN);
    sent.put("extra", "text");
    sent.putObject("new_field").put("deep", 1);
    Object read = Json.read(sent.toString().getBytes(UTF_8), type, "it");
    JsonNode written = Json.mapper().readTree(Json.write(read));
    assertThat(written.get("extra")).isEqualTo(sent.get("extra"));
    assertThat(written.get("new_field")).isEqualTo(sent.get("new_field"));
  }
}
