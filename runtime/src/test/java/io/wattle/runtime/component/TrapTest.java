package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.Task;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import io.wattle.runtime.host.HostInterface;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a guest does wrong, what is said about it, and what becomes of host resources. */
class TrapTest {
  /** A resource of the host. */
  private record Thing(String name) {}

  private final Fixture fixture = new Fixture();
  private final List<Object> dropped = new ArrayList<>();
  private final List<Object> taken = new ArrayList<>();
  private ComponentInstances instances;
  private ComponentInstance instance;

  @BeforeEach
  void link() throws Exception {
    HostInterface things =
        HostInterface.named("test:host/things@1.2.0")
            .resource("thing", dropped::add)
            .repeatable("make", (call, arguments) -> new Thing((String) arguments[0]))
            .function("look", (call, arguments) -> (long) ((Thing) arguments[0]).name.length())
            .function(
                "take",
                (call, arguments) -> {
                  taken.add(arguments[0]);
                  return null;
                })
            .build();
    instances = fixture.link(Fixture.fixture("traps"), things);
    instance = instances.begin(Fixture.task());
  }

  @AfterEach
  void close() {
    instance.close();
    instances.close();
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bad-utf8 | invalid utf-8 sequence at byte 2 of a string",
        "overlong-utf8 | invalid utf-8 sequence at byte 0 of a string",
        "string-outside | string out of bounds of memory: ends at 196609 (expected: at most 196608)",
        "bytes-outside | list out of bounds of memory: ends at 196609 (expected: at most 196608)",
        "huge-string | string of 4294967295 bytes (expected: < 2^28)",
        "huge-list | list of 34359738360 bytes (expected: < 2^28)",
        "unaligned-list | unaligned pointer to list: 0x1 (expected: a multiple of 4)",
        "unaligned-utf16 | unaligned pointer to string: 0x1 (expected: a multiple of 2)",
        "unaligned-result | unaligned pointer to result: 0x11 (expected: a multiple of 4)",
        "surrogate | invalid char: 0xd800 (expected: a Unicode scalar value)",
        "no-such-case | invalid variant discriminant: 3 (expected: less than 3)",
        "unknown-handle | unknown handle index 77",
        "drop-twice | unknown handle index 1",
        "give-twice | unknown handle index 1",
        "call-in-post-return | cannot leave component instance",
        "unreachable | unreachable",
      })
  void trapsHaveWords(String function, String message) {
    assertThatThrownBy(() -> instance.call("", function))
        .isInstanceOfSatisfying(TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRAP))
        .hasMessageContaining(message);
    assertThatThrownBy(() -> instance.call("", "fine"))
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("cannot be called again");
  }

  @Test
  void argumentsThatTheGuestHasNoRoomFor() {
    assertThatThrownBy(() -> instance.call("", "realloc-unaligned", List.of(1L)))
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("realloc returned an unaligned pointer: 0x401");
    try (ComponentInstance other = instances.begin(Fixture.task())) {
      assertThatThrownBy(() -> other.call("", "realloc-outside", "a long text"))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("realloc returned a pointer out of bounds");
    }
  }

  @Test
  void smallDataThatDescribesHugeValuesHitsALimit() {
    assertThatThrownBy(() -> instance.call("", "bomb"))
        .isInstanceOfSatisfying(
            TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT))
        .hasMessageContaining("larger than the limit allows");
  }

  @Test
  void hostResourcesAreLentGivenAndDropped() {
    assertThat(instance.call("", "use")).isEqualTo(2L);
    assertThat(dropped).hasSize(1);
    instance.call("", "give");
    assertThat(taken).hasSize(1);
    Thing mine = new Thing("mine");
    assertThat(instance.call("", "look-and-drop", mine)).isEqualTo(4L);
    instance.call("", "give-owned", mine);
    assertThat(taken.getLast()).isSameAs(mine);
    assertThat(dropped).hasSize(1);
  }

  @Test
  void whatTheGuestKeepsIsDroppedWithItsInstance() {
    instance.call("", "keep");
    assertThat(dropped).isEmpty();
    instance.close();
    assertThat(dropped).hasSize(1);
    try (ComponentInstance next = instances.begin(Fixture.task())) {
      assertThatThrownBy(() -> next.call("", "unknown-handle")).hasMessageContaining("unknown");
    }
  }

  @Test
  void aBorrowedHandleMustBeDroppedBeforeTheCallEnds() {
    assertThatThrownBy(() -> instance.call("", "keep-borrow", new Thing("a")))
        .hasMessage("borrow handles still remain at the end of the call: 1");
  }

  @Test
  void aBorrowedHandleIsNotTheGuestsToGive() {
    assertThatThrownBy(() -> instance.call("", "give-borrow", new Thing("a")))
        .hasMessageContaining("is borrowed (expected: an owned handle)");
    assertThat(taken).isEmpty();
  }

  @Test
  void aTaskThatIsCancelledOrOverStopsItsInstance() {
    Task task = Fixture.task();
    try (ComponentInstance cancelled = instances.begin(task)) {
      task.cancel("nobody waits");
      assertThatThrownBy(() -> cancelled.call("", "fine"))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED))
          .hasMessageContaining("nobody waits");
    }
    Task late = new Task("test", Deadline.in(Duration.ZERO), Map.of());
    assertThatThrownBy(
            () -> {
              try (ComponentInstance over = instances.begin(late)) {
                over.call("", "fine");
              }
            })
        .isInstanceOfSatisfying(
            TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEADLINE));
  }

  @Test
  void aGuestThatTrappedLeavesNothingToTheNextOne() {
    for (int i = 0; i < 40; i++) {
      try (ComponentInstance next = instances.begin(Fixture.task())) {
        assertThat(next.call("", "fine")).isEqualTo("ok");
        assertThatThrownBy(() -> next.call("", "unreachable")).isInstanceOf(TrapException.class);
      }
    }
  }
}
