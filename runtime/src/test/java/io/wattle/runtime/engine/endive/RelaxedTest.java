package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Relaxed SIMD: Endive's parser is given others that stand for its instructions. */
class RelaxedTest {
  private static long[] call(CoreInstance instance, String name, long... words) {
    return Guests.function(instance, name).call(words);
  }

  private static long f32s(float low, float high) {
    return (Float.floatToRawIntBits(low) & 0xffffffffL)
        | (long) Float.floatToRawIntBits(high) << 32;
  }

  private static long f64(double x) {
    return Double.doubleToRawLongBits(x);
  }

  @ParameterizedTest
  @EnumSource(Guests.Kind.class)
  void relaxedInstructionsHaveOneOfTheirMeanings(Guests.Kind kind) {
    try (CoreEngine engine = Guests.engine(kind);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance relaxed = store.instantiate(Guests.compile(engine, "relaxed"), CoreImports.NONE);
      long a = 0x0706050403020100L;
      long b = 0x0f0e0d0c0b0a0908L;
      assertThat(call(relaxed, "i8x16.relaxed_swizzle", a, b, 0xff0f0e0d03020100L, 0x10))
          .containsExactly(0x000f0e0d03020100L, 0);
      long numbers = f32s(-1.5f, 2.5f);
      assertThat(call(relaxed, "i32x4.relaxed_trunc_f32x4_s", numbers, 0))
          .containsExactly(0x00000002ffffffffL, 0);
      assertThat(call(relaxed, "i32x4.relaxed_trunc_f32x4_u", numbers, 0))
          .containsExactly(0x0000000200000000L, 0);
      assertThat(call(relaxed, "i32x4.relaxed_trunc_f64x2_s_zero", f64(-1.5), f64(2.5)))
          .containsExactly(0x00000002ffffffffL, 0);
      assertThat(call(relaxed, "i32x4.relaxed_trunc_f64x2_u_zero", f64(-1.5), f64(2.5)))
          .containsExactly(0x0000000200000000L, 0);
      assertThat(call(relaxed, "f32x4.relaxed_min", f32s(1, 4), 0, f32s(2, 3), 0))
          .containsExactly(f32s(1, 3), 0);
      assertThat(call(relaxed, "f32x4.relaxed_max", f32s(1, 4), 0, f32s(2, 3), 0))
          .containsExactly(f32s(2, 4), 0);
      assertThat(call(relaxed, "f64x2.relaxed_min", f64(1), f64(4), f64(2), f64(3)))
          .containsExactly(f64(1), f64(3));
      assertThat(call(relaxed, "f64x2.relaxed_max", f64(1), f64(4), f64(2), f64(3)))
          .containsExactly(f64(2), f64(4));
      // What rounding twice would lose.
      float f = 1 + 1f / (1 << 12);
      assertThat(call(relaxed, "f32x4.relaxed_madd", f32s(f, 2), 0, f32s(f, 3), 0, f32s(-1, 4), 0))
          .containsExactly(f32s(Math.fma(f, f, -1), 10), 0);
      assertThat(call(relaxed, "f32x4.relaxed_nmadd", f32s(f, 2), 0, f32s(f, 3), 0, f32s(1, 4), 0))
          .containsExactly(f32s(Math.fma(-f, f, 1), -2), 0);
      double d = 1 + 1.0 / (1 << 27);
      assertThat(call(relaxed, "f64x2.relaxed_madd", f64(d), f64(2), f64(d), f64(3), f64(-1), 0))
          .containsExactly(f64(Math.fma(d, d, -1)), f64(6));
      assertThat(call(relaxed, "f64x2.relaxed_nmadd", f64(d), f64(2), f64(d), f64(3), f64(1), 0))
          .containsExactly(f64(Math.fma(-d, d, 1)), f64(-6));
      for (String lanes : new String[] {"i8x16", "i16x8", "i32x4", "i64x2"}) {
        assertThat(call(relaxed, lanes + ".relaxed_laneselect", 1, 2, 3, 4, -1, 0))
            .containsExactly(1, 4);
      }
      assertThat(call(relaxed, "bitselect", a, 2, b, 4, -1, 0)).containsExactly(a, 4);
      assertThat(call(relaxed, "i16x8.relaxed_q15mulr_s", 0x40008000L, 0, 0x40007fffL, 0))
          .isEqualTo(call(relaxed, "q15mulr", 0x40008000L, 0, 0x40007fffL, 0))
          .containsExactly(0x20008001L, 0);
      assertThat(call(relaxed, "i16x8.relaxed_dot_i8x16_i7x16_s", 0x03ff0201L, 0, 0x04050607L, 0))
          .containsExactly(0x00070013L, 0);
      assertThat(
              call(
                  relaxed,
                  "i32x4.relaxed_dot_i8x16_i7x16_add_s",
                  0x03ff0201L,
                  0,
                  0x04050607L,
                  0,
                  100,
                  5))
          .containsExactly(126, 5);
      assertThat(call(relaxed, "dead", 0)).containsExactly(3);
      assertThatThrownBy(() -> call(relaxed, "dead", 1)).isInstanceOf(TrapException.class);
    }
  }

  /** An opcode may have more bytes than it needs (core specification, 5.2.2). */
  @Test
  void relaxedInstructionsMayBeLonger() throws Exception {
    try (CoreEngine engine = Guests.engine(Guests.Kind.COMPILED);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      String sections =
          "01070160027b7b017b0302010007050101660000" + "0a0d010b0020002001fd808280000b";
      CoreInstance instance =
          store.instantiate(
              engine.compile(HexFormat.of().parseHex("0061736d01000000" + sections)),
              CoreImports.NONE);
      assertThat(call(instance, "f", 5, 6, 0, 8))
          .containsExactly(0x0505050505050505L, 0x0505050505050506L);
    }
  }
}
