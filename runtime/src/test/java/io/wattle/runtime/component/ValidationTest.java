package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.InvalidComponentException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that the official suite does not ask about. */
class ValidationTest {
  private static final int STRING = 0x73;
  private static final int U32 = 0x79;
  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private void isInvalid(Binary component, String rule) {
    assertThatThrownBy(() -> fixture.runtime.validate(component.toBytes()))
        .isInstanceOfSatisfying(
            InvalidComponentException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("offset 0x")
        .hasMessageContaining(rule);
  }

  /** A component that imports a function {@code f} whose parameter is of the last type. */
  private static Binary importing(int types, Binary... definitions) {
    Binary section = Binary.empty().u32(types + 1);
    for (Binary definition : definitions) {
      section.add(definition);
    }
    section.bytes(0x40, 1).name("p").u32(types - 1).bytes(1, 0);
    return Binary.component()
        .section(7, section)
        .section(10, Binary.empty().bytes(1, 0).name("f").bytes(1).u32(types));
  }

  @Test
  void aListOfPairsIsNoMap() {
    Binary map = Binary.empty().bytes(0x63, STRING, U32);
    Binary pair = Binary.empty().bytes(0x6f, 2, STRING, U32);
    Binary list = Binary.empty().bytes(0x70, 0);
    isInvalid(
        importing(2, pair, list)
            .section(4, importing(1, map))
            .section(5, Binary.empty().bytes(1, 0, 0, 1).name("f").bytes(1, 0)),
        "parameter `p`: got a list (expected: a map)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x76, 0x75, 0x64})
  void aMapsKeyIsNoFloatAndNoErrorContext(int key) {
    isInvalid(
        Binary.component().section(7, Binary.empty().bytes(1, 0x63, key, U32)),
        "invalid map key type");
  }

  /** {@code a::b} and {@code c} are not {@code a} and {@code b::c}. */
  @Test
  void bothNamesOfAnImportOfAModuleCount() {
    Binary type =
        Binary.empty().bytes(1, 0x50, 2, 1, 0x60, 0, 0).bytes(0).name("a::b").name("c").bytes(0, 0);
    Binary module =
        Binary.module()
            .section(1, Binary.empty().bytes(1, 0x60, 0, 0))
            .section(2, Binary.empty().bytes(1).name("a").name("b::c").bytes(0, 0));
    isInvalid(
        Binary.component()
            .section(
                4,
                Binary.component()
                    .section(3, type)
                    .section(10, Binary.empty().bytes(1, 0).name("m").bytes(0, 0x11, 0)))
            .section(1, module)
            .section(5, Binary.empty().bytes(1, 0, 0, 1).name("m").bytes(0, 0x11, 0)),
        "missing expected import `a::b::c`");
  }

  /** Names are the author's, the terminal is the user's. */
  @Test
  void namesInMessagesAreShortAndPlain() {
    Binary module = Binary.component().section(1, Binary.module());
    Binary instances = Binary.empty().bytes(1, 0, 0, 0);
    Binary escape =
        Binary.empty().bytes(1, 0, 0, 1, 0).name("\u001b[2J\n\u202e" + "x".repeat(9_000));
    assertThatThrownBy(
            () ->
                fixture.runtime.validate(module.section(2, instances).section(6, escape).toBytes()))
        .isInstanceOf(InvalidComponentException.class)
        .message()
        .contains("has no export named `\\u{1b}[2J \\u{202e}xxx")
        .hasSizeLessThan(2_500)
        .doesNotContain("\u001b", "\n", "\u202e");
  }
}
