package io.wattle.cli.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageRefsTest {
  @TempDir Path folder;

  @Test
  void filesBecomeAbsoluteFromTheFolderTheyAreNamedIn() throws Exception {
    Path file = Files.writeString(folder.resolve("a b.wasm"), "");
    String absolute = "file://" + file;

    assertThat(ImageRefs.absolute("file://a b.wasm", folder)).isEqualTo(absolute);
    assertThat(ImageRefs.absolute("file://./a b.wasm", folder)).isEqualTo(absolute);
    assertThat(ImageRefs.absolute("./a b.wasm", folder)).isEqualTo(absolute);
    assertThat(ImageRefs.absolute("a b.wasm", folder)).isEqualTo(absolute);
    assertThat(ImageRefs.absolute(absolute, Path.of("/"))).isEqualTo(absolute);
  }

  @Test
  void namesOfImagesStay() throws Exception {
    assertThat(ImageRefs.absolute("ghcr.io/wasmcloud/http-server:0.27.0", folder))
        .isEqualTo("ghcr.io/wasmcloud/http-server:0.27.0");
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> ImageRefs.absolute("./nope.wasm", folder))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nope.wasm");
  }
}
