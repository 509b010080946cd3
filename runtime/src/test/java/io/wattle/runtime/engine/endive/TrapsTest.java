package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What traps by the specification traps here, and says what it was. */
class TrapsTest {
  private static final int END = 65536;

  private record Case(String function, String message, long... arguments) {}

  private static final String BOUNDS = "out of bounds memory access";
  private static final String TABLE = "out of bounds table access";

  private static final List<Case> CASES =
      List.of(
          new Case("unreachable", "unreachable"),
          new Case("div_s", "divide by zero", 1, 0),
          new Case("div_u", "divide by zero", 1, 0),
          new Case("rem_s", "divide by zero", 1, 0),
          new Case("div_s", "integer overflow", Integer.MIN_VALUE, -1),
          new Case("div_s64", "integer overflow", Long.MIN_VALUE, -1),
          new Case("trunc", "integer overflow", Double.doubleToRawLongBits(1e30)),
          new Case("trunc", "invalid conversion", Double.doubleToRawLongBits(Double.NaN)),
          new Case("indirect", "uninitialized element", 1),
          new Case("indirect", "undefined element", 3),
          new Case("indirect", "undefined element", -1),
          new Case("mismatch", "indirect call type mismatch"),
          new Case("load8", BOUNDS, END),
          new Case("load8", BOUNDS, -1),
          new Case("load16", BOUNDS, END - 1),
          new Case("load32", BOUNDS, END - 3),
          new Case("load64", BOUNDS, END - 7),
          new Case("load64", BOUNDS, -4),
          new Case("far", BOUNDS, 0),
          new Case("far", BOUNDS, 1),
          new Case("far", BOUNDS, 5),
          new Case("store8", BOUNDS, END, 0),
          new Case("store16", BOUNDS, END - 1, 0),
          new Case("store32", BOUNDS, END - 1, 0),
          new Case("store64", BOUNDS, END - 1, 0),
          new Case("store64", BOUNDS, -1, 0),
          new Case("storef32", BOUNDS, END - 3, 0),
          new Case("storef64", BOUNDS, END - 7, 0),
          new Case("fill", BOUNDS, END - 1, 0, 2),
          new Case("fill", BOUNDS, 0, 0, -1),
          new Case("fill", BOUNDS, END + 1, 0, 0),
          new Case("copy", BOUNDS, 0, END - 1, 2),
          new Case("copy", BOUNDS, END - 1, 0, 2),
          new Case("copy", BOUNDS, 1, 0, -1),
          new Case("table_fill", TABLE, 2, 2),
          new Case("table_fill", TABLE, 0, -1),
          new Case("table_copy", TABLE, 2, 0, 2),
          new Case("table_copy", TABLE, 0, 2, 2),
          new Case("table_copy", TABLE, 0, 0, -1));

  @ParameterizedTest
  @EnumSource
  void whatTrapsSaysWhy(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how)) {
      CoreModule module = Guests.compile(engine, "traps");
      for (Case c : CASES) {
        try (CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
          CoreInstance instance = store.instantiate(module, CoreImports.NONE);
          assertThatThrownBy(() -> Guests.call(instance, c.function, c.arguments))
              .as("%s%s", c.function, List.of(c.arguments))
              .isInstanceOfSatisfying(
                  TrapException.class, e -> Assertions.assertThat(e.kind()).isEqualTo(Kind.TRAP))
              .hasMessageContaining(c.message);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatDoesNotFitWritesNothing(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(Guests.compile(engine, "traps"), CoreImports.NONE);
      assertThatThrownBy(() -> Guests.call(instance, "store64", END - 4, -1))
          .isInstanceOf(TrapException.class);
      Assertions.assertThat(how.isFlat() || store.privateBytes() == 0).isTrue();
    }
  }
}
