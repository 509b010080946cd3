package io.wattle.cli.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.cli.base.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreparedManifestTest {
  @TempDir Path folder;

  @BeforeEach
  void image() throws Exception {
    Files.writeString(folder.resolve("a.wasm"), "");
    Files.writeString(folder.resolve("b.wasm"), "");
    Files.writeString(
        folder.resolve("app.yaml"),
        """
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata:
          name: app
        spec:
          components:
            - name: a
              type: component
              properties:
                image: file://a.wasm
              traits:
                - type: spreadscaler
                  properties:
                    instances: 1
        """);
  }

  private String image(Map<String, String> images) throws CommandException {
    ManifestSource source = ManifestSource.read(folder.resolve("app.yaml").toString());
    return PreparedManifest.of(source, images)
        .document()
        .at("/spec/components/0/properties/image")
        .asText();
  }

  @Test
  void relativeFilesAreRelativeToTheManifest() throws Exception {
    assertThat(image(Map.of())).isEqualTo("file://" + folder.resolve("a.wasm"));
  }

  @Test
  void imagesCanBeNamedInsteadOfTheManifests() throws Exception {
    String other = "file://" + folder.resolve("b.wasm");

    assertThat(image(Map.of("a", other))).isEqualTo(other);
  }

  @Test
  void anImageForAComponentThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> image(Map.of("nope", "x")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("no component named nope")
        .hasMessageContaining("one of a");
  }
}
