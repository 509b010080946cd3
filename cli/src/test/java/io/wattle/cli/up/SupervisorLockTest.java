package io.wattle.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupervisorLockTest {
  @TempDir Path folder;

  @Test
  void theSecondOneIsToldWhoHasIt() throws Exception {
    DataDir dataDir = new DataDir(folder);
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    SupervisorLock first = SupervisorLock.take(dataDir, now);

    assertThatThrownBy(() -> SupervisorLock.take(dataDir, now))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("already running")
        .hasMessageContaining("pid " + ProcessHandle.current().pid())
        .hasMessageContaining("2026-01-02T03:04:05Z");
    first.close();
    SupervisorLock.take(dataDir, now).close();
  }

  @Test
  void nobodyHoldsWhatADeadProcessLeft() throws IOException {
    DataDir dataDir = new DataDir(folder);
    Files.writeString(dataDir.lockFile(), "{\"pid\":-7,\"since\":\"then\"}");

    assertThat(SupervisorLock.holder(dataDir)).isNull();
  }

  @Test
  void theSocketAnswersAlsoWhereThePathIsLong() throws Exception {
    DataDir dataDir = new DataDir(folder.resolve("x".repeat(120)));
    dataDir.create();
    try (ControlSocket socket = ControlSocket.open(dataDir, request -> "re: " + request)) {
      assertThat(ControlSocket.ask(socket.path(), "status")).isEqualTo("re: status");
    }
  }
}
