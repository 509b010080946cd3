package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a component imports and exports again is the host's function still. */
class ReexportTest {
  private static final String NAMES = "wattle:test/names@0.1.0";
  private final List<Object> notes = new ArrayList<>();

  private HostInterface world() {
    return HostInterface.named("")
        .function(
            "note",
            (call, arguments) -> {
              if (!notes.isEmpty()) {
                throw new IllegalStateException("one note is enough");
              }
              notes.add(arguments[0]);
              return null;
            })
        .build();
  }

  private static HostInterface names() {
    return HostInterface.named(NAMES)
        .resource("thing")
        .function(
            "greet",
            (call, arguments) -> Collections.nCopies((Integer) arguments[1], "Hi " + arguments[0]))
        .function("make", (call, arguments) -> "a thing")
        .build();
  }

  @Test
  void theHostCallsItsOwnFunctions() throws Exception {
    try (Fixture fixture = new Fixture();
        ComponentInstances instances =
            fixture.link(Fixture.fixture("reexports"), names(), world());
        ComponentInstance instance = instances.begin(Fixture.task())) {
      assertThat(instance.call(NAMES, "greet", "Ada", 2)).isEqualTo(List.of("Hi Ada", "Hi Ada"));
      assertThat(instance.call(NAMES, "make")).isEqualTo("a thing");
      assertThat(instance.call("", "again", "once")).isNull();
      assertThat(notes).containsExactly("once");
      assertThatThrownBy(() -> instance.call("", "again", "twice"))
          .isInstanceOf(TrapException.class)
          .hasMessage("the import #note failed: one note is enough");
    }
  }
}
