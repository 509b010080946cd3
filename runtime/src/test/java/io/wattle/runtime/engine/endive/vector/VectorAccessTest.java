package io.wattle.runtime.engine.endive.vector;

import static io.wattle.runtime.engine.endive.vector.Inputs.evaluate;
import static io.wattle.runtime.engine.endive.vector.NaiveLanes.vector;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/** What becomes of loaded bytes, and which are stored. */
class VectorAccessTest {
  @Test
  void whatIsLoadedBecomesAVector() {
    long loaded = 0x8182838485868788L;
    assertThat(loaded(OpCode.V128_LOAD8x8_S, 8, loaded, 0, 0))
        .containsExactly(0xff85ff86ff87ff88L, 0xff81ff82ff83ff84L);
    assertThat(loaded(OpCode.V128_LOAD8x8_U, 8, loaded, 0, 0))
        .containsExactly(0x0085008600870088L, 0x0081008200830084L);
    assertThat(loaded(OpCode.V128_LOAD16x4_S, 8, loaded, 0, 0))
        .containsExactly(0xffff8586ffff8788L, 0xffff8182ffff8384L);
    assertThat(loaded(OpCode.V128_LOAD16x4_U, 8, loaded, 0, 0))
        .containsExactly(0x0000858600008788L, 0x0000818200008384L);
    assertThat(loaded(OpCode.V128_LOAD32x2_S, 8, loaded, 0, 0))
        .containsExactly(0xffffffff85868788L, 0xffffffff81828384L);
    assertThat(loaded(OpCode.V128_LOAD32x2_U, 8, loaded, 0, 0))
        .containsExactly(0x0000000085868788L, 0x0000000081828384L);
    assertThat(loaded(OpCode.V128_LOAD8_SPLAT, 1, 0x88, 0, 0))
        .containsExactly(0x8888888888888888L, 0x8888888888888888L);
    assertThat(loaded(OpCode.V128_LOAD16_SPLAT, 2, 0x8788, 0, 0))
        .containsExactly(0x8788878887888788L, 0x8788878887888788L);
    assertThat(loaded(OpCode.V128_LOAD32_SPLAT, 4, 0x85868788, 0, 0))
        .containsExactly(0x8586878885868788L, 0x8586878885868788L);
    assertThat(loaded(OpCode.V128_LOAD64_SPLAT, 8, loaded, 0, 0)).containsExactly(loaded, loaded);
    assertThat(loaded(OpCode.V128_LOAD32_ZERO, 4, 0x85868788, 0, 0))
        .containsExactly(0x85868788L, 0);
    assertThat(loaded(OpCode.V128_LOAD64_ZERO, 8, loaded, 0, 0)).containsExactly(loaded, 0);
    assertThat(loaded(OpCode.V128_LOAD8_LANE, 1, 0x88, 0, 9)).containsExactly(5, 0x8806);
    assertThat(loaded(OpCode.V128_LOAD16_LANE, 2, 0x8788, 0, 1)).containsExactly(0x87880005L, 6);
    assertThat(loaded(OpCode.V128_LOAD32_LANE, 4, 0x85868788, 0, 3))
        .containsExactly(5, 0x8586878800000006L);
    assertThat(loaded(OpCode.V128_LOAD64_LANE, 8, loaded, 0, 1)).containsExactly(5, loaded);
  }

  /** Of the vector (5, 6), where a lane is loaded. */
  private static long[] loaded(OpCode opcode, int bytes, long loaded, long offset, int lane) {
    if (!(VectorAccess.of(new Instruction(0, opcode, new long[] {0, offset, 0, lane}))
        instanceof VectorAccess.Load(int read, VectorOp then))) {
      throw new AssertionError(opcode + " loads nothing");
    }
    assertThat(read).isEqualTo(bytes);
    return evaluate(Objects.requireNonNull(then), List.of(vector(5, 6)), loaded);
  }

  @Test
  void lanesAreStored() {
    byte[] vector = vector(0x0102030405060708L, 0x1112131415161718L);
    assertThat(stored(OpCode.V128_STORE8_LANE, 1, 9, vector)).containsExactly(0x17);
    assertThat(stored(OpCode.V128_STORE16_LANE, 2, 1, vector)).containsExactly(0x0506);
    assertThat(stored(OpCode.V128_STORE32_LANE, 4, 3, vector)).containsExactly(0x11121314);
    assertThat(stored(OpCode.V128_STORE64_LANE, 8, 0, vector)).containsExactly(0x0102030405060708L);
  }

  private static long[] stored(OpCode opcode, int bytes, int lane, byte[] vector) {
    if (!(VectorAccess.of(new Instruction(0, opcode, new long[] {0, 0, 0, lane}))
        instanceof VectorAccess.Store(int written, VectorOp before))) {
      throw new AssertionError(opcode + " stores nothing");
    }
    assertThat(written).isEqualTo(bytes);
    return evaluate(Objects.requireNonNull(before), List.of(vector), 0);
  }
}
