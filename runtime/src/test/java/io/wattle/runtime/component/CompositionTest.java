package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Components inside a component: calls, encodings, handles and destructors between them. */
class CompositionTest {
  private final Fixture fixture = new Fixture();
  private ComponentInstances instances;

  @BeforeEach
  void link() throws Exception {
    instances = fixture.link(Fixture.fixture("composed"));
  }

  @AfterEach
  void close() {
    instances.close();
    fixture.close();
  }

  @Test
  void stringsChangeTheirEncodingAndHandlesTheirOwner() {
    try (ComponentInstance instance = instances.begin(Fixture.task())) {
      assertThat(instance.call("", "count", "Grüße 🎉")).isEqualTo(8L);
      assertThat(instance.call("", "count", "")).isEqualTo(0L);
      assertThat(instance.call("", "live")).isEqualTo(0L);
    }
  }

  @Test
  void everyInvocationStartsAfresh() {
    for (int i = 0; i < 20; i++) {
      try (ComponentInstance instance = instances.begin(Fixture.task())) {
        assertThat(instance.call("", "live")).isEqualTo(0L);
        instance.call("", "leak", "one");
        instance.call("", "leak", "two");
        assertThat(instance.call("", "live")).isEqualTo(2L);
      }
    }
  }

  @Test
  void instancesAtTheSameTimeKnowNothingOfEachOther() {
    try (ComponentInstance one = instances.begin(Fixture.task());
        ComponentInstance two = instances.begin(Fixture.task())) {
      one.call("", "leak", "one");
      assertThat(two.call("", "live")).isEqualTo(0L);
      assertThat(one.call("", "live")).isEqualTo(1L);
    }
  }
}
