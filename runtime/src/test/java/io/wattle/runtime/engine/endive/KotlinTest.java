package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.runtime.engine.StoreLimits;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Kotlin's compiler makes runs, and its garbage goes. */
class KotlinTest {
  private static final long ROOM = 16 << 20;

  /** A function of WASI that says that all went well. */
  private record Fine(CoreExternType.Func type) implements CoreFunction {
    Fine(int parameters) {
      this(
          new CoreExternType.Func(
              Collections.nCopies(parameters, CoreValueType.I32),
              Collections.nCopies(1, CoreValueType.I32)));
    }

    @Override
    public long[] call(long... arguments) {
      return new long[1];
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPILED", "INTERPRETED"})
  void itsCollectionsStringsAndExceptionsWork(Guests.Kind how) {
    Map<String, CoreFunction> wasi = new HashMap<>();
    wasi.put("fd_write", new Fine(4));
    wasi.put("random_get", new Fine(2));
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(new StoreLimits(ROOM, 1000, 10))) {
      CoreInstance guest =
          store.instantiate(Guests.compile(engine, "kotlin"), (_, name) -> wasi.get(name));
      Guests.call(guest, "_initialize");
      assertThat(Guests.call(guest, "words", 1000)).isEqualTo(503);
      assertThat(Guests.call(guest, "sieve", 1000)).isEqualTo(168);
      assertThat(Double.longBitsToDouble(Guests.call(guest, "shapes", 1000))).isEqualTo(499000982);
      assertThat(Guests.call(guest, "caught", 1)).isEqualTo(2);
      assertThat((int) Guests.call(guest, "caught", 7)).isEqualTo(-1);
      for (int i = 0; i < (how == Guests.Kind.COMPILED ? 100 : 2); i++) {
        assertThat(Guests.call(guest, "words", 1000)).isEqualTo(503);
      }
    }
  }
}
