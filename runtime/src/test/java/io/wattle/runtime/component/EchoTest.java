package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every value type through a real guest and back, and through it to the host and back. */
class EchoTest {
  private static final String TYPES = "wattle:test/types@0.1.0";
  private static final String VIA_HOST = "wattle:test/via-host@0.1.0";
  private final Fixture fixture = new Fixture();
  private ComponentInstances instances;
  private ComponentInstance instance;

  @BeforeEach
  void link() throws Exception {
    instances = fixture.link(Fixture.guest("echo-types"), echoing());
    instance = instances.begin(Fixture.task());
  }

  @AfterEach
  void close() {
    instance.close();
    instances.close();
    fixture.close();
  }

  /** A host that gives every value back. */
  static HostInterface echoing() {
    HostInterface.Builder host = HostInterface.named("wattle:test/host-types@0.1.0");
    for (String type : ECHOED) {
      host.function("echo-" + type, (call, arguments) -> arguments[0]);
    }
    return host.function("many", (call, arguments) -> Arrays.deepToString(arguments)).build();
  }

  private static final List<String> ECHOED =
      List.of(
          "bool",
          "u8",
          "u16",
          "u32",
          "u64",
          "s8",
          "s16",
          "s32",
          "s64",
          "f32",
          "f64",
          "char",
          "string",
          "bytes",
          "strings",
          "points",
          "lists",
          "point",
          "nested",
          "tuple",
          "shape",
          "shapes",
          "color",
          "option",
          "option-option",
          "result",
          "result-none",
          "result-ok",
          "result-error",
          "permissions",
          "seventeen",
          "thirty-two");

  private void echoes(String type, Object... values) {
    for (Object value : values) {
      assertThat(comparable(instance.call(TYPES, "echo-" + type, value)))
          .as(type)
          .isEqualTo(comparable(value));
      assertThat(comparable(instance.call(VIA_HOST, "via-host-" + type, value)))
          .as("%s via the host", type)
          .isEqualTo(comparable(value));
    }
  }

  /** Arrays become lists, so that values can be compared. */
  static @Nullable Object comparable(@Nullable Object value) {
    return switch (value) {
      case Object[] parts -> Arrays.stream(parts).map(EchoTest::comparable).toList();
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case List<?> list -> list.stream().map(EchoTest::comparable).toList();
      case Optional<?> option ->
          option.isEmpty() ? List.of() : Arrays.asList(comparable(option.get()));
      case Variant(int index, Object payload) -> Arrays.asList(index, comparable(payload));
      case Result(boolean ok, Object payload) -> Arrays.asList(ok, comparable(payload));
      case null, default -> value;
    };
  }

  private static final Object[] POINT = {"π", 255, -1L, Math.PI, -32768};

  @Test
  void numbers() {
    echoes("bool", true, false);
    echoes("u8", 0, 1, 127, 128, 255);
    echoes("u16", 0, 32768, 65535);
    echoes("u32", 0L, 0x80000000L, 0xffffffffL);
    echoes("u64", 0L, Long.MIN_VALUE, -1L);
    echoes("s8", -128, -1, 0, 127);
    echoes("s16", -32768, -1, 32767);
    echoes("s32", Integer.MIN_VALUE, -1, Integer.MAX_VALUE);
    echoes("s64", Long.MIN_VALUE, -1L, Long.MAX_VALUE);
    echoes("f32", 0f, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, Float.NaN);
    echoes("f64", 0d, -0d, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NaN);
    echoes("char", 0, (int) 'a', 0xd7ff, 0xe000, 0x10ffff);
  }

  @Test
  void stringsAndLists() {
    echoes("string", "", "a", "Grüße, 世界 🎉");
    echoes("bytes", new byte[0], new byte[] {-1, 0, 1}, new byte[100_000]);
    echoes("strings", List.of(), List.of("", "zwei", "三"));
    echoes("points", List.of(), List.of(POINT, POINT));
    echoes("lists", List.of(), List.of(List.of(), List.of(1, 65535)));
  }

  @Test
  void compounds() {
    echoes("point", (Object) POINT);
    echoes(
        "nested",
        (Object)
            new Object[] {
              List.<Object>of((Object) POINT), Optional.of("note"), new Object[] {255, -1L},
            });
    echoes("tuple", (Object) new Object[] {7, "seven", -7L});
    echoes("color", 0, 1, 2);
    echoes("permissions", 0L, 5L, 7L);
    echoes("seventeen", 0L, 0x10001L);
    echoes("thirty-two", 0L, 0xffffffffL, 0x80000001L);
  }

  @Test
  void variants() {
    Object[] shapes = {
      new Variant(0, null),
      new Variant(1, 1.5f),
      new Variant(2, -2.25),
      new Variant(3, -1L),
      new Variant(4, "name"),
      new Variant(5, POINT),
      new Variant(6, 2),
    };
    echoes("shape", shapes);
    echoes("shapes", List.of(shapes));
    echoes("option", Optional.empty(), Optional.of("x"));
    echoes(
        "option-option",
        Optional.empty(),
        Optional.of(Optional.empty()),
        Optional.of(Optional.of(255)));
    echoes("result", Result.ok("fine"), Result.err(4_000_000_000L));
    echoes("result-none", Result.OK, Result.err(null));
    echoes("result-ok", Result.ok(POINT), Result.err(null));
    echoes("result-error", Result.OK, Result.err(new Variant(3, 9L)));
  }

  @Test
  void manyParametersTravelThroughMemory() {
    Object[] arguments = {
      1,
      2,
      3L,
      4L,
      -5,
      -6,
      -7,
      -8L,
      1.5f,
      2.5,
      true,
      (int) 'x',
      "text",
      new byte[] {1},
      Optional.of(9L),
      1,
    };
    assertThat((String) instance.call(TYPES, "many", arguments)).contains("text");
    assertThat(instance.call(VIA_HOST, "via-host-many", arguments))
        .isEqualTo(Arrays.deepToString(arguments));
  }

  @Test
  void resourcesOfTheComponent() {
    GuestResource counter =
        Objects.requireNonNull((GuestResource) instance.call(TYPES, "[constructor]counter", 41L));
    assertThat(instance.call(TYPES, "[method]counter.next", counter)).isEqualTo(42L);
    GuestResource other = counter(8);
    assertThat(instance.call(TYPES, "total", List.of(counter, other))).isEqualTo(50L);
    assertThat(instance.call(TYPES, "[static]counter.live")).isEqualTo(2L);
    GuestResource merged =
        Objects.requireNonNull(
            (GuestResource) instance.call(TYPES, "[static]counter.merge", counter, other));
    assertThat(instance.call(TYPES, "[method]counter.value", merged)).isEqualTo(50L);
    assertThat((List<?>) instance.call(TYPES, "counters", List.of(1L, 2L, 3L))).hasSize(3);
    assertThat(instance.call(TYPES, "[static]counter.live")).isEqualTo(4L);
    instance.drop(merged);
    assertThat(instance.call(TYPES, "[static]counter.live")).isEqualTo(3L);
  }

  private GuestResource counter(long start) {
    return Objects.requireNonNull(
        (GuestResource) instance.call(TYPES, "[constructor]counter", start));
  }

  @Test
  void versionsThatAreCompatibleAreFound() {
    assertThat(instance.call("wattle:test/types@0.1.7", "echo-u8", 1)).isEqualTo(1);
    assertThatThrownBy(() -> instance.call("wattle:test/types@0.2.0", "echo-u8", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the component does not export wattle:test/types@0.2.0");
    assertThatThrownBy(() -> instance.call(TYPES, "echo-u9", 1))
        .hasMessageContaining("no function echo-u9");
    assertThatThrownBy(() -> instance.call(TYPES, "echo-u8", "one"))
        .hasMessageContaining("got String (expected: Integer)");
  }

  @ParameterizedTest
  @CsvSource({
    "echo-u8, 256, 255, 0 to 255",
    "echo-u8, -1, 0, 0 to 255",
    "echo-s8, -129, -128, -128 to 127",
    "echo-u16, 65536, 65535, 0 to 65535",
    "echo-s16, 32768, 32767, -32768 to 32767"
  })
  void aNumberThatDoesNotFitIsRefusedAndNotCutOff(
      String function, int tooMuch, int most, String range) {
    assertThatThrownBy(() -> instance.call(TYPES, function, tooMuch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(tooMuch + " (expected: " + range + ")");
    assertThat(instance.call(TYPES, function, most)).isEqualTo(most);
  }

  @Test
  void neitherAreLongOnesNorFlagsThatDoNotExist() {
    assertThatThrownBy(() -> instance.call(TYPES, "echo-u32", -1L))
        .hasMessageContaining("-1 (expected: 0 to 4294967295)");
    assertThat(instance.call(TYPES, "echo-u32", 4294967295L)).isEqualTo(4294967295L);
    assertThatThrownBy(() -> instance.call(TYPES, "echo-permissions", 8L))
        .hasMessageContaining("flags: 0x8 (expected: no bit after the first 3)");
  }
}
