package io.wattle.controlplane.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifests a newcomer begins with have nothing to complain about, and what they name is there.
 */
final class ExamplesTest {
  private static final Path FOLDER = Path.of("..", "wadm-manifests");

  @ParameterizedTest
  @ValueSource(strings = {"http-hello-world", "http-counter", "greeter", "spread", "daemon"})
  void isCleanAndComplete(String name) throws Exception {
    ParsedManifest.Accepted parsed =
        Parsing.accepted(Files.readString(FOLDER.resolve(name + ".yaml")));
    assertThat(parsed.problems()).isEmpty();
    assertThat(parsed.manifest().name()).isEqualTo(name);
    assertThat(parsed.manifest().version()).isEqualTo("v0.0.1");
    for (Manifest.Component component : parsed.manifest().components()) {
      String image = component.properties().image();
      if (image != null && image.startsWith("file://")) {
        assertThat(FOLDER.resolve(image.substring("file://".length()))).exists();
      }
    }
  }
}
