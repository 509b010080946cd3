package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Result;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guests whose memories have addresses of 64 bits: pointers and lengths are i64 (CanonicalABI.md,
 * {@code ptr_type}), and what is between two such guests may have 32.
 */
class WideMemoryTest {
  private static final Object[] POINT = {"π", -1L, Math.PI, Optional.of(-32768)};
  private static Fixture fixture;
  private static ComponentInstances instances;

  @BeforeAll
  static void link() throws Exception {
    fixture = new Fixture();
    instances = fixture.link(Fixture.fixture("wide"));
  }

  @AfterAll
  static void close() {
    instances.close();
    fixture.close();
  }

  private static void echoes(String function, Object... values) {
    for (Object value : values) {
      try (ComponentInstance instance = instances.begin(Fixture.task())) {
        assertThat(EchoTest.comparable(instance.call("echo", function, value)))
            .as(function)
            .isEqualTo(EchoTest.comparable(value));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "text16", "text-latin1"})
  void stringsInEveryEncoding(String function) {
    echoes(function, "", "a", "Grüße", "Grüße, 世界 🎉", "long ".repeat(5_000));
  }

  @Test
  void listsAndWhatIsInThem() {
    echoes("bytes", new byte[0], new byte[] {-1, 0, 1}, new byte[30_000]);
    echoes("texts", List.of(), List.of("", "zwei", "三"));
    echoes("points", List.of(), List.of(POINT, POINT, POINT));
    echoes(
        "nested",
        List.of(Optional.empty(), Optional.of(new Object[] {7, "seven", -7.5}), Optional.empty()));
  }

  @Test
  void variantsOfPointersAndNumbers() {
    echoes("outcome", Result.ok("fine"), Result.err(4_000_000_000L));
  }

  @Test
  void parametersThatTravelThroughMemory() {
    Object[] letters = "abcdefghi".chars().mapToObj(Character::toString).toArray();
    try (ComponentInstance instance = instances.begin(Fixture.task())) {
      assertThat(instance.call("echo", "many", letters)).isEqualTo("i");
    }
  }

  private static long call(String function, Long... arguments) {
    try (ComponentInstance instance = instances.begin(Fixture.task())) {
      Object answer = instance.call("built-ins", function, (Object[]) arguments);
      return (long) Objects.requireNonNull(answer);
    }
  }

  @Test
  void threadsKeepNumbersOf64Bits() {
    assertThat(call("context", 0x1234_5678_9abc_def0L)).isEqualTo(0x1234_5678_9abc_def0L);
  }

  @Test
  void streamsTakePointersOf64Bits() {
    assertThat(call("stream", 100L, 200L)).isEqualTo(0x6867_6665_6463_6261L);
    assertThat(call("error", 200L, 8L)).isEqualTo(0x6867_6665_6463_6261L + 8);
    assertThat(call("poll", 64L)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "stream, 100, 4294967496, buffer out of bounds of memory",
    "stream, 4294967496, 200, buffer out of bounds of memory",
    "stream, -8, 200, buffer out of bounds of memory: ends at 18446744073709551616",
    "error, 4294967496, 8, string out of bounds of memory",
    "error, 200, 4294967296, string of 4294967296",
    "error, 200, -1, string of 18446744073709551615",
  })
  void pointersBeyondMemoryTrap(String function, long first, long second, String message) {
    assertThatThrownBy(() -> call(function, first, second))
        .isInstanceOf(TrapException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(longs = {65_536, 4_294_967_296L, 4_294_967_360L, -8})
  void eventsBeyondMemoryTrap(long at) {
    assertThatThrownBy(() -> call("poll", at))
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("out of bounds memory access");
  }
}
