package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import run.endive.wasm.WasmModule;

/** Which loops go without stop checks, and that they compute what they did with them. */
class CountedLoopTest {
  /** Functions of {@code counted.wat} in their order, and checks in the loops of each. */
  private static final List<Map.Entry<String, Integer>> CHECKS =
      List.of(
          Map.entry("up", 0),
          Map.entry("set", 0),
          Map.entry("down", 0),
          Map.entry("below", 0),
          Map.entry("out", 0),
          Map.entry("leaves", 0),
          Map.entry("nested", 1),
          Map.entry("around", 1),
          Map.entry("backwards", 1),
          Map.entry("again", 1),
          Map.entry("either", 1),
          Map.entry("given", 1),
          Map.entry("many", 1));

  @Test
  void loopsThatSurelyEndSoonHaveNoCheck() {
    Map<String, Integer> checks = checks(ModuleParser.parse(Guests.wasm("counted")));
    for (int i = 0; i < CHECKS.size(); i++) {
      assertThat(checks.getOrDefault("func_" + i, 0))
          .as(CHECKS.get(i).getKey())
          .isEqualTo(CHECKS.get(i).getValue());
    }
  }

  /** By the methods' names. */
  private static Map<String, Integer> checks(WasmModule module) {
    Map<String, Integer> checks = new HashMap<>();
    for (byte[] bytes : ModuleCompiler.compile(module, true, () -> {}).classes().values()) {
      new ClassReader(bytes)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                    int access, String method, String of, String signature, String[] exceptions) {
                  return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMethodInsn(
                        int opcode, String owner, String name, String descriptor, boolean face) {
                      if (name.equals("check")) {
                        checks.merge(method, 1, Integer::sum);
                      }
                    }
                  };
                }
              },
              0);
    }
    return checks;
  }

  @ParameterizedTest
  @EnumSource
  void allComputeTheSame(Guests.Kind how) {
    try (CoreEngine engine = Guests.engine(how);
        CoreStore store = engine.newStore(StoreLimits.DEFAULT)) {
      CoreInstance guest = store.instantiate(Guests.compile(engine, "counted"), CoreImports.NONE);
      // Often enough for HotSpot to compile them.
      for (int time = 0; time < 300; time++) {
        assertThat(Guests.call(guest, "up")).isEqualTo(4512);
        assertThat(Guests.call(guest, "set")).isEqualTo(23_062);
        assertThat(Guests.call(guest, "down")).isEqualTo(100_000);
        assertThat(Guests.call(guest, "below")).isEqualTo(28_103);
        assertThat(Guests.call(guest, "out", 7)).isEqualTo(7);
        assertThat(Guests.call(guest, "out", 60)).isEqualTo(50);
        assertThat(Guests.call(guest, "around")).isEqualTo(11);
        assertThat(Guests.call(guest, "backwards")).isEqualTo(5);
        assertThat(Guests.call(guest, "again")).isEqualTo(14);
        assertThat(Guests.call(guest, "either", 0)).isEqualTo(18);
        assertThat(Guests.call(guest, "either", 1)).isEqualTo(15);
        assertThat(Guests.call(guest, "given", 17)).isEqualTo(3);
      }
      assertThat(Guests.call(guest, "nested")).isEqualTo(31_500);
      assertThat(Guests.call(guest, "many")).isEqualTo(90_000);
      assertThatThrownBy(() -> Guests.call(guest, "leaves"))
          .isInstanceOfSatisfying(
              TrapException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRAP))
          .hasMessageContaining("out of bounds memory access");
    }
  }
}
