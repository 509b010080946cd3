package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a guest is asked for a string of another's: the steps of CanonicalABI.md, no fewer. */
class TranscodingTest {
  /** {@code asked}: three digits for each call of realloc, the alignment and two of the size. */
  @ParameterizedTest
  @CsvSource({
    "utf8-to-utf16, 0, 4, 208204",
    "utf8-to-utf16, 96, 2, 204",
    "utf16-to-utf8, 16, 2, 102106103",
    "utf16-to-utf8, 32, 2, 102",
    "utf8-to-latin1, 48, 2, 202201",
    "utf8-to-latin1, 64, 5, 205210204",
    "utf16-to-latin1, 16, 2, 202204",
    "utf16-to-latin1, 32, 2, 202",
    "latin1-to-utf8, 80, 1, 101102",
    "latin1-to-utf8, 16, 2147483650, 102106103",
    "latin1-to-utf16, 80, 1, 202",
    "latin1-to-latin1, 80, 1, 201",
    "latin1-to-latin1, 16, 2147483650, 204",
    "latin1-to-latin1, 32, 2147483650, 204102",
  })
  void roomIsAskedForStepByStep(String function, long at, long units, long asked) throws Exception {
    try (Fixture fixture = new Fixture();
        ComponentInstances instances = fixture.link(Fixture.fixture("transcoding"));
        ComponentInstance instance = instances.begin(Fixture.task())) {
      assertThat(instance.call("", function, at, units)).isEqualTo(asked);
    }
  }
}
