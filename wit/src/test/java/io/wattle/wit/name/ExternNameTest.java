package io.wattle.wit.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as the Explainer has them. */
class ExternNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "a1-B2-c3",
        "[constructor]fields",
        "[method]fields.get",
        "[static]fields.from-list",
        "wasi:http/types@0.2.2",
        "wasi:http/types",
        "wasi:http/types@0.2",
        "a:b/c@1",
        "a:b/c@0.0.0-abcd.1.2+efg.4.ee.5"
      })
  void namesAreReadAndWritten(String name) {
    assertThat(ExternName.parse(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1a",
        "aB",
        "a--b",
        "a_b",
        "[method]a",
        "[get]a.b",
        "a:b",
        "A:b/c",
        "a:b/c@0",
        "a:b/c@1.2",
        "a:b/c@",
        "a@b:c",
        "a:",
        "a:b/c@1.02.3",
        "a:b/c/d",
        "a:b:c/d"
      })
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> ExternName.parse(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "a:b/c@1.2.3, a:b/c@1.9.0, true",
    "a:b/c@1.2.3, a:b/c@2.0.0, false",
    "a:b/c@0.2.0, a:b/c@0.2.12, true",
    "a:b/c@0.2.0, a:b/c@0.3.0, false",
    "a:b/c@0.0.1, a:b/c@0.0.2, false",
    "a:b/c@0.2.0-draft, a:b/c@0.2.0, false",
    "a:b/c@0.2.0-draft, a:b/c@0.2.0-draft, true",
    "a:b/c@0.2, a:b/c@0.2.7, true",
    "a:b/c@1, a:b/c@2.1.0, false",
    "a:b/c, a:b/c, true",
    "a:b/c, a:b/c@1.0.0, false",
    "a:b/c@1.0.0, a:b/d@1.0.0, false",
  })
  void versionsMatchBySemver(String a, String b, boolean compatible) {
    ExternName.Interface first = (ExternName.Interface) ExternName.parse(a);
    ExternName.Interface second = (ExternName.Interface) ExternName.parse(b);
    assertThat(first.compatible(second)).isEqualTo(compatible);
    assertThat(second.compatible(first)).isEqualTo(compatible);
  }

  @ParameterizedTest
  @CsvSource({
    "a:b/c@1, .2.3, 1.2.3",
    "a:b/c@0.2, .6-rc.1, 0.2.6-rc.1",
    "a:b/c@0.0.1, -alpha, 0.0.1-alpha",
    "a:b/c@1, .2, ",
    "a:b/c@1.2.3, +b, ",
    "a:b/c, .1.0.0, ",
  })
  void aVersionIsPutTogetherAgain(String name, String suffix, String version) {
    ExternName.Interface parsed = (ExternName.Interface) ExternName.parse(name);
    assertThat(parsed.withSuffix(suffix)).isEqualTo(Optional.ofNullable(version));
  }
}
