package io.wattle.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wattle.cli.base.CommandException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListenTest {
  private static final List<String> NONE = List.of();

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 4222",
    "127.0.0.1:5000, 127.0.0.1, 5000",
    "0.0.0.0:0, 0.0.0.0, 0",
  })
  void anAddressOfThisMachine(String text, String host, int port) throws Exception {
    assertThat(Listen.parse(text, 4222, NONE, false))
        .isEqualTo(new Listen(host, port, NONE, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "127.0.0.1:x", "127.0.0.1:70000", "", ":4222"})
  void nothingElse(String text) {
    CommandException refusal =
        catchThrowableOfType(CommandException.class, () -> Listen.parse(text, 4222, NONE, false));
    assertThat(refusal).as(text).isNotNull();
    assertThat(refusal.getMessage()).startsWith("--listen");
  }

  @Test
  void othersDialWhatIsAdvertisedFirst() throws Exception {
    Listen listen = Listen.parse("127.0.0.1", 4222, List.of("edge.example:5000"), false);
    assertThat(listen.dialled()).containsExactly("edge.example:5000", "127.0.0.1");
    assertThat(Listen.parse("0.0.0.0", 4222, NONE, false).dialled())
        .doesNotContain("0.0.0.0", "127.0.0.1");
  }
}
