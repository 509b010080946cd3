package io.wattle.runtime.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.TrapException;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that misbehave end their own invocation and nothing else, compiled or interpreted. */
@Timeout(600)
@ParameterizedClass
@EnumSource(
    value = Execution.class,
    names = {"COMPILED", "INTERPRETED"})
class HostileGuestsTest {
  private final Guests hostile;

  HostileGuestsTest(Execution how) {
    hostile =
        how == Execution.COMPILED
            ? new Guests("hostile")
            : new Guests("hostile", TestRuntimes.interpreting());
  }

  @AfterEach
  void stop() {
    hostile.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/loop", "/host-sleep", "/fill?mb=64"})
  void whatNeverEndsIsEnded(String path) throws Exception {
    ends(path, Duration.ofMillis(700), Set.of(TrapException.Kind.DEADLINE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/recurse", "/handles", "/huge-random", "/bad-pointer", "/out-of-bounds"})
  void whatTakesTooMuchTraps(String path) throws Exception {
    ends(
        path,
        Duration.ofSeconds(60),
        Set.of(TrapException.Kind.LIMIT, TrapException.Kind.TRAP, TrapException.Kind.BUSY));
  }

  @Test
  void endlessTailCallsEnd() throws Exception {
    try (Guests tail = new Guests("tail-call")) {
      assertThatThrownBy(
              () -> tail.send(Guests.task(Duration.ofMillis(500)), "/", HttpBody.empty()))
          .isInstanceOf(TrapException.class);
    }
  }

  @Test
  void aBodyWithoutEndEndsWhenItsReaderGoes() throws Exception {
    HttpResponse response = hostile.get("/endless-body");
    byte[] buffer = new byte[10_000];
    for (int i = 0; i < 100; i++) {
      assertThat(response.body().bytes().read(buffer, 0, buffer.length, soon())).isPositive();
    }
    response.body().bytes().abort("the client went away");
    hostile.end();
    assertThat(hostile.text("/ok")).isEqualTo("ok\n");
    hostile.end();
  }

  private void ends(String path, Duration deadline, Set<TrapException.Kind> kinds)
      throws Exception {
    try {
      Guests.text(hostile.send(Guests.task(deadline), path, HttpBody.empty()));
      throw new AssertionError(path + " answered in full");
    } catch (TrapException e) {
      assertThat(e.kind()).isIn(List.copyOf(kinds));
    } catch (io.wattle.wit.io.PipeAbortedException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
    assertThat(hostile.end()).isPresent();
    assertThat(hostile.text("/ok")).isEqualTo("ok\n");
    hostile.end();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(90));
  }
}
