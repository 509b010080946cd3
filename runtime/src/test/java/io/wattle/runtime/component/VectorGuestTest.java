package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.EngineOptions.Memory;
import io.wattle.runtime.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Adler32;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A guest that works with vectors computes what Java does, whichever way its code runs. */
class VectorGuestTest {
  private static final String VECTORS = "wattle:test/vectors@0.1.0";

  static Stream<EngineOptions> engines() {
    EngineOptions defaults = EngineOptions.defaults().withMemoryBudget(64 << 20);
    EngineOptions compiled = defaults.withExecution(Execution.COMPILED);
    return Stream.of(
        defaults.withExecution(Execution.INTERPRETED),
        compiled.withHotAfter(0),
        compiled.withMemory(Memory.FLAT),
        compiled.withCompiler(Runnable::run).withHotAfter(2));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void computesWhatJavaDoes(EngineOptions options) throws Exception {
    try (CoreEngine engine = Engines.endive(options);
        ComponentRuntime runtime = ComponentRuntime.on(engine);
        ComponentInstances instances =
            runtime.link(
                runtime.load(Fixture.guest("vectors")), Fixture.imports(), LinkOptions.DEFAULT)) {
      Random random = new Random(7);
      for (int length : List.of(0, 1, 15, 16, 17, 63, 64, 200, 1000)) {
        try (ComponentInstance instance = instances.begin(Fixture.task())) {
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          finds(instance, bytes);
          sums(instance, bytes);
          darkens(instance, bytes);
          encrypts(instance, bytes, random);
          multiplies(instance, length, random);
        }
      }
    }
  }

  private static @Nullable Object call(
      ComponentInstance instance, String function, Object... arguments) {
    return instance.call(VECTORS, function, arguments);
  }

  private static void finds(ComponentInstance instance, byte[] bytes) {
    for (int wanted : List.of(0, 7, 255)) {
      int place = 0;
      while (place < bytes.length && bytes[place] != (byte) wanted) {
        place++;
      }
      assertThat(call(instance, "find", bytes, wanted))
          .isEqualTo(place < bytes.length ? Optional.of((long) place) : Optional.empty());
    }
  }

  private static void sums(ComponentInstance instance, byte[] bytes) {
    Adler32 adler = new Adler32();
    adler.update(bytes);
    assertThat(call(instance, "adler32", (Object) bytes)).isEqualTo(adler.getValue());
  }

  private static void darkens(ComponentInstance instance, byte[] bytes) {
    byte[] expected = bytes.clone();
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) Math.max(0, Byte.toUnsignedInt(expected[i]) - 100);
    }
    assertThat(call(instance, "darken", bytes, 100)).isEqualTo(expected);
  }

  private static void encrypts(ComponentInstance instance, byte[] bytes, Random random)
      throws Exception {
    byte[] key = new byte[32];
    byte[] nonce = new byte[12];
    random.nextBytes(key);
    random.nextBytes(nonce);
    Cipher cipher = Cipher.getInstance("ChaCha20");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key, "ChaCha20"),
        new ChaCha20ParameterSpec(nonce, 1));
    assertThat(call(instance, "chacha20", key, nonce, 1L, bytes)).isEqualTo(cipher.doFinal(bytes));
  }

  private static void multiplies(ComponentInstance instance, int length, Random random) {
    List<Float> left = new ArrayList<>();
    List<Float> right = new ArrayList<>();
    float[] sums = new float[4];
    for (int i = 0; i < length; i++) {
      left.add(random.nextFloat() - 0.5f);
      right.add(random.nextFloat() * 100);
      if (i < length / 4 * 4) {
        sums[i % 4] += left.get(i) * right.get(i);
      }
    }
    assertThat(call(instance, "dot", left, right))
        .isEqualTo((sums[0] + sums[1]) + (sums[2] + sums[3]));
  }
}
