package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import run.endive.runtime.Instance;
import run.endive.wasm.WasmModule;

/** Numbers of functions in a store. */
class RosterTest {
  private static Instance instance() {
    return Instance.builder(WasmModule.builder().build()).build();
  }

  @Test
  void eachFunctionHasANumberAndEachNumberAFunction() {
    Roster roster = new Roster();
    List<Long> elements = new ArrayList<>();
    int[] functions = {3, 0, 0, 5, 1, 0, 7, 0};
    for (int ordinal = 0; ordinal < functions.length; ordinal++) {
      Instance made = instance();
      assertThat(roster.admit(functions[ordinal])).isEqualTo(elements.size());
      roster.add(made, functions[ordinal]);
      for (int i = 0; i < functions[ordinal]; i++) {
        elements.add((long) ordinal << 32 | i);
        assertThat(roster.instance(elements.getLast())).isSameAs(made);
      }
    }
    // Both ways, so that what was found last does not always help.
    for (int i = 0; i < elements.size(); i++) {
      for (int number : new int[] {i, elements.size() - 1 - i}) {
        assertThat(roster.element(number)).isEqualTo(elements.get(number));
        assertThat(roster.number(elements.get(number))).isEqualTo(number);
      }
    }
  }

  @Test
  void nullIsNoFunction() {
    Roster roster = new Roster();
    roster.add(instance(), 1);
    assertThat(roster.element(-1)).isEqualTo(Roster.NOTHING);
    assertThat(roster.number(Roster.NOTHING)).isEqualTo(-1);
    assertThat(roster.instance(Roster.NOTHING)).isNull();
  }

  @Test
  void whatTheStoreDoesNotHaveIsNoFunction() {
    Roster roster = new Roster();
    assertThatThrownBy(() -> roster.element(0)).isInstanceOf(TrapException.class);
    roster.add(instance(), 2);
    roster.add(instance(), 0);
    for (int number : new int[] {2, Integer.MAX_VALUE, -2, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> roster.element(number))
          .isInstanceOf(TrapException.class)
          .hasMessageContaining("a function that the store does not have");
    }
  }

  @Test
  void moreFunctionsThanNumbersAreRefused() {
    Roster roster = new Roster();
    roster.add(instance(), Integer.MAX_VALUE - 10);
    roster.add(instance(), 10);
    assertThat(roster.element(Integer.MAX_VALUE - 1)).isEqualTo(1L << 32 | 9);
    assertThatThrownBy(() -> roster.admit(1))
        .isInstanceOfSatisfying(
            TrapException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.LIMIT);
              assertThat(e)
                  .hasMessage(
                      "functions of all instances of a store: 2147483648 (expected: <= 2147483647)");
            });
    assertThat(roster.admit(0)).isEqualTo(Integer.MAX_VALUE);
  }
}
