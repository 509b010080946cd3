package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A component whose initialisers make objects is built anew for each invocation. */
class ObjectsTest {
  /** In globals, tables, and segments. */
  @Test
  void structuresAreNew() throws Exception {
    try (Fixture fixture = new Fixture();
        ComponentInstances instances = fixture.link(Fixture.fixture("structures"))) {
      for (int i = 0; i < 3; i++) {
        try (ComponentInstance instance = instances.begin(Fixture.task())) {
          assertThat(instance.call("", "up")).isEqualTo(2L + 11 + 101);
          assertThat(instance.call("", "up")).isEqualTo(3L + 12 + 102);
        }
      }
    }
  }

  @Test
  void whatReferencesInTablesAndGlobalsLeadToIsNew() throws Exception {
    try (Fixture fixture = new Fixture();
        ComponentInstances instances = fixture.link(Fixture.fixture("objects"))) {
      for (int i = 0; i < 3; i++) {
        try (ComponentInstance instance = instances.begin(Fixture.task())) {
          assertThat(instance.call("", "sum")).isEqualTo(65L);
          assertThat(instance.call("", "write")).isEqualTo(431L);
          assertThat(instance.call("", "sum")).isEqualTo(431L);
        }
      }
    }
  }
}
