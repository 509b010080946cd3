package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever memory 0 knows of its instances, each uses its own stack pointer and table. */
class AtHandTest {
  private static CoreInstance owner(CoreEngine engine, CoreStore store, int value) {
    CoreInstance owner =
        store.instantiate(Guests.compile(engine, "at-hand-owner"), CoreImports.NONE);
    Guests.call(owner, "set", value);
    return owner;
  }

  private static CoreInstance user(
      CoreEngine engine, CoreStore store, CoreInstance memory, CoreInstance others) {
    return store.instantiate(
        Guests.compile(engine, "at-hand"),
        (module, name) -> (name.equals("memory") ? memory : others).export(name));
  }

  /** The function in each table gives the value of the global beside it. */
  private static void uses(CoreInstance instance, int value) {
    assertThat(Guests.call(instance, "get")).isEqualTo(value);
    assertThat(Guests.call(instance, "call", 0)).isEqualTo(value);
  }

  @ParameterizedTest
  @EnumSource
  void instancesWithOneMemoryMayHaveOtherStacksAndTables(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance a = owner(engine, store, 10);
      CoreInstance b = owner(engine, store, 20);
      CoreInstance first = user(engine, store, a, a);
      uses(a, 10);
      uses(b, 20);
      uses(first, 10);
      CoreInstance mixed = user(engine, store, a, b);
      uses(mixed, 20);
      uses(first, 10);
      uses(a, 10);
      CoreInstance again = user(engine, store, a, a);
      uses(again, 10);
      Guests.call(mixed, "set", 21);
      uses(b, 21);
      uses(mixed, 21);
      Guests.call(again, "set", 11);
      uses(a, 11);
      uses(first, 11);
      assertThat(Guests.call(first, "own")).isEqualTo(77);
      for (CoreInstance each : new CoreInstance[] {a, first}) {
        EveryKind.forgive(store);
        assertThatThrownBy(() -> Guests.call(each, "call", 1))
            .isInstanceOf(TrapException.class)
            .hasMessageContaining("uninitialized element");
        EveryKind.forgive(store);
        for (int outside : new int[] {2, -1, Integer.MIN_VALUE}) {
          assertThatThrownBy(() -> Guests.call(each, "call", outside))
              .isInstanceOf(TrapException.class)
              .hasMessageContaining("undefined element");
          EveryKind.forgive(store);
        }
      }
    }
  }
}
