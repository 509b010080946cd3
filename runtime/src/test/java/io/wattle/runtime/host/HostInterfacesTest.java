package io.wattle.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostInterfacesTest {
  @ParameterizedTest
  @CsvSource({
    "a:b/c@0.2.0,        a:b/c@0.2.9,        true",
    "a:b/c@0.2.9,        a:b/c@0.2.0,        true",
    "a:b/c@0.2.0,        a:b/c@0.3.0,        false",
    "a:b/c@1.2.0,        a:b/c@1.9.1,        true",
    "a:b/c@1.2.0,        a:b/c@2.2.0,        false",
    "a:b/c@0.0.1,        a:b/c@0.0.1,        true",
    "a:b/c@0.0.1,        a:b/c@0.0.2,        false",
    "a:b/c@0.2.0-draft,  a:b/c@0.2.0-draft,  true",
    "a:b/c@0.2.0-draft,  a:b/c@0.2.0,        false",
    "a:b/c@0.2.0-draft,  a:b/c@0.2.1-draft,  false",
    "a:b/c@0.2.0,        a:b/c@0.2.1+build,  true",
    "a:b/c,              a:b/c,              true",
    "a:b/c,              a:b/c@0.2.0,        false",
    "a:b/c@0.2.0,        a:b/d@0.2.0,        false"
  })
  void versionsMatchByTheirTrack(String served, String imported, boolean found) {
    HostInterfaces interfaces = HostInterfaces.of(List.of(HostInterface.named(served).build()));
    assertThat(interfaces.find(imported) != null).isEqualTo(found);
  }

  @Test
  void whatIsAddedGoesFirst() {
    HostInterface first = HostInterface.named("a:b/c@0.2.0").resource("x").build();
    HostInterface second = HostInterface.named("a:b/c@0.2.3").resource("y").build();
    HostInterfaces both = HostInterfaces.of(List.of(first)).plus(List.of(second));
    assertThat(both.all()).containsExactly(second);
  }
}
