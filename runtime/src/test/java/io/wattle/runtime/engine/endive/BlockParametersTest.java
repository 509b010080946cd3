package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Branches out of blocks with parameters, which Endive 1.0.0 compiles wrongly. */
class BlockParametersTest {
  @ParameterizedTest
  @EnumSource(
      value = Guests.Kind.class,
      names = {"COMPILED", "TIERED", "COMPILED_FLAT", "COMPILED_MARKED"})
  void branchesDropThem(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance =
          store.instantiate(Guests.compile(engine, "block-parameters"), CoreImports.NONE);
      assertThat(Guests.call(instance, "block")).isEqualTo(5);
      assertThat(Guests.call(instance, "values")).isEqualTo(35);
      assertThat(Guests.call(instance, "if", 0)).isEqualTo(5);
      assertThat(Guests.call(instance, "if", 1)).isEqualTo(5);
      assertThat(Guests.call(instance, "if_only", 0)).isEqualTo(15);
      assertThat(Guests.call(instance, "if_only", 1)).isEqualTo(25);
      assertThat(Guests.call(instance, "table", 0)).isEqualTo(1035);
      assertThat(Guests.call(instance, "table", 1)).isEqualTo(35);
      assertThat(Guests.call(instance, "br_if", 0)).isEqualTo(85);
      assertThat(Guests.call(instance, "br_if", 1)).isEqualTo(75);
    }
  }
}
