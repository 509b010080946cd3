package io.wattle.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.cli.base.CommandException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostLabelsTest {
  @Test
  void eachHostHasThoseOfAllAndItsOwn() throws Exception {
    HostLabels labels =
        HostLabels.parse(
            List.of("tier=edge", "zone=x"), List.of("1:zone=a", "3:zone=b", "3:a:b=c=d"), 3);
    assertThat(labels.of(1)).isEqualTo(Map.of("tier", "edge", "zone", "a"));
    assertThat(labels.of(2)).isEqualTo(Map.of("tier", "edge", "zone", "x"));
    assertThat(labels.of(3)).isEqualTo(Map.of("tier", "edge", "zone", "b", "a:b", "c=d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zone=a", "0:zone=a", "4:zone=a", ":zone=a", "x:zone=a", "1:zone"})
  void sayWhatIsExpected(String label) {
    assertThatThrownBy(() -> HostLabels.parse(List.of(), List.of(label), 3))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--host-label: \"")
        .hasMessageContaining("expected: ");
  }
}
