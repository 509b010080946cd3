package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.wit.io.BytePipe;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CommandTest {
  @ParameterizedTest
  @CsvSource({"--none, 0", "--fail, 1", "--exit=0, 0", "--exit=1, 1"})
  void aCommandRunsAndAnswersItsExitCode(String argument, int code) throws Exception {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    WasiOptions options =
        WasiOptions.builder()
            .arguments(List.of("hello", argument))
            .environment(Map.of("NAME", "Ada"))
            .stdin(BytePipe.of("typed\n".getBytes(UTF_8)))
            .stdout(OutputSink.to(stdout))
            .build();
    try (Guests command = new Guests("wasi-cli-hello", options)) {
      assertThat(command.component().run(Guests.task(Duration.ofSeconds(30)))).isEqualTo(code);
    }
    assertThat(stdout.toString(UTF_8))
        .isEqualTo(
            "Hello from Wattle!\nargument: hello\nargument: "
                + argument
                + "\nenvironment: NAME=Ada\ntyped\n");
  }
}
