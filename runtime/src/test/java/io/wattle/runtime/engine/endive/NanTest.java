package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A signalling NaN comes out quiet, which Java's methods do not see to; numbers as they should. */
class NanTest {
  private static final long QUIET_F32 = 0x7fc0_0000L;
  private static final long SIGNALLING_F32 = 0x7fa0_0000L;
  private static final long QUIET_F64 = 0x7ff8_0000_0000_0000L;
  private static final long SIGNALLING_F64 = 0x7ff4_0000_0000_0000L;

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  @ParameterizedTest
  @EnumSource(
      value = Guests.Kind.class,
      names = {"COMPILED", "INTERPRETED", "COMPILED_FLAT", "COMPILED_MARKED"})
  void signallingNansAreQuieted(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance instance = store.instantiate(Guests.compile(engine, "nans"), CoreImports.NONE);
      for (String name : List.of("f32.min", "f32.max")) {
        long one = Float.floatToRawIntBits(1);
        assertThat(Guests.call(instance, name, SIGNALLING_F32, one) & QUIET_F32)
            .isEqualTo(QUIET_F32);
        assertThat(Guests.call(instance, name, one, SIGNALLING_F32) & QUIET_F32)
            .isEqualTo(QUIET_F32);
        assertThat(Guests.call(instance, name, one, one)).isEqualTo(one);
      }
      for (String name : List.of("f64.min", "f64.max")) {
        long one = bits(1);
        assertThat(Guests.call(instance, name, SIGNALLING_F64, one) & QUIET_F64)
            .isEqualTo(QUIET_F64);
        assertThat(Guests.call(instance, name, one, SIGNALLING_F64) & QUIET_F64)
            .isEqualTo(QUIET_F64);
      }
      assertThat(Guests.call(instance, "f64.min", bits(0.0), bits(-0.0))).isEqualTo(bits(-0.0));
      assertThat(Guests.call(instance, "f64.max", bits(-0.0), bits(0.0))).isEqualTo(bits(0.0));
      for (String name : List.of("f64.ceil", "f64.floor", "f64.trunc", "f64.nearest")) {
        assertThat(Guests.call(instance, name, SIGNALLING_F64) & QUIET_F64).isEqualTo(QUIET_F64);
        assertThat(Guests.call(instance, name, bits(-0.0))).isEqualTo(bits(-0.0));
      }
      assertThat(Guests.call(instance, "f64.ceil", bits(-1.5))).isEqualTo(bits(-1));
      assertThat(Guests.call(instance, "f64.floor", bits(-1.5))).isEqualTo(bits(-2));
      assertThat(Guests.call(instance, "f64.trunc", bits(-1.5))).isEqualTo(bits(-1));
    }
  }
}
