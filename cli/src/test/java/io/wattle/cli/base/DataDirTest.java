package io.wattle.cli.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirTest {
  @TempDir Path folder;

  @Test
  void wattleHomeGoesBeforeThePlatformsFolder() {
    assertThat(DataDir.of(Map.of("WATTLE_HOME", "/a", "XDG_DATA_HOME", "/b")).root())
        .isEqualTo(Path.of("/a"));
    assertThat(DataDir.of(Map.of()).root()).isNotEqualTo(Path.of("/a")).isAbsolute();
  }

  @Test
  void itIsPrivateToTheUser() throws Exception {
    DataDir dataDir = new DataDir(folder.resolve("a/b"));
    dataDir.create();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.root())))
        .isEqualTo("rwx------");
  }

  @Test
  void aFileInItsPlaceIsSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> new DataDir(file).create())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void theConnectionFileKeepsItsSecret() throws IOException {
    DataDir dataDir = new DataDir(folder);
    ConnectionFile written =
        new ConnectionFile(
            7,
            "now",
            "tls://x:1",
            "u",
            "secret",
            "ab".repeat(32),
            "wattle1.secret",
            "default",
            "/s",
            List.of("N"));
    written.write(dataDir);

    assertThat(ConnectionFile.read(dataDir)).isEqualTo(written);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.connectionFile())))
        .isEqualTo("rw-------");
    assertThat(written.toString()).doesNotContain("secret");
  }
}
