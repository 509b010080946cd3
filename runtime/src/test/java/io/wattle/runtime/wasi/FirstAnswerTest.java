package io.wattle.runtime.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.engine.CodeState;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A component that was never seen before answers before it is compiled. */
class FirstAnswerTest {
  @Test
  void theAnswerIsTheSameBeforeAndAfter() throws Exception {
    List<Runnable> held = new ArrayList<>();
    EngineOptions options =
        EngineOptions.defaults().withExecution(Execution.TIERED).withCompiler(held::add);
    try (CoreEngine engine = Engines.endive(options);
        ComponentRuntime runtime = ComponentRuntime.on(engine);
        Guests guests = new Guests("http-std", runtime)) {
      String first = answer(guests);
      assertThat(guests.component().component().code()).isEqualTo(CodeState.COMPILING);
      assertThat(answer(guests)).isEqualTo(first);
      long before = engine.memory().used();

      held.forEach(Runnable::run);
      assertThat(guests.component().component().compile()).isEqualTo(CodeState.COMPILED);
      // The instance that was kept for the next call went with its code.
      assertThat(engine.memory().used()).isLessThan(before);
      assertThat(answer(guests)).isEqualTo(first);
    }
  }

  @Test
  void whoeverIsGoneIsNotCompiledFor() throws Exception {
    List<Runnable> held = new ArrayList<>();
    EngineOptions options =
        EngineOptions.defaults().withExecution(Execution.TIERED).withCompiler(held::add);
    try (CoreEngine engine = Engines.endive(options);
        ComponentRuntime runtime = ComponentRuntime.on(engine)) {
      Guests guests = new Guests("http-std", runtime);
      guests.close();
      assertThat(guests.component().component().code()).isEqualTo(CodeState.INTERPRETED);
      held.forEach(Runnable::run);
      assertThat(guests.component().component().code()).isEqualTo(CodeState.INTERPRETED);
    }
  }

  private static String answer(Guests guests) throws Exception {
    String text = guests.text("/");
    assertThat(guests.end()).isEmpty();
    return text;
  }
}
