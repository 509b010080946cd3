package io.wattle.runtime.suite;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Binaries with some bytes changed, the same ones each time. */
final class Mutants {
  private static final int HEADER = 8;
  private static final int MOST_CHANGES = 3;

  private Mutants() {}

  /** The seeds, and so many changed ones. */
  static List<byte[]> of(List<byte[]> seeds, int count, long seed) {
    Random random = new Random(seed);
    List<byte[]> inputs = new ArrayList<>(seeds);
    while (inputs.size() < seeds.size() + count) {
      byte[] changed = seeds.get(random.nextInt(seeds.size()));
      for (int left = 1 + random.nextInt(MOST_CHANGES); left > 0; left--) {
        changed = changed(changed, random);
      }
      inputs.add(changed);
    }
    return inputs;
  }

  private static byte[] changed(byte[] wasm, Random random) {
    if (wasm.length <= HEADER) {
      return wasm;
    }
    int at = HEADER + random.nextInt(wasm.length - HEADER);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(wasm, 0, at);
    switch (random.nextInt(5)) {
      case 0 -> out.write(random.nextInt(256));
      case 1 -> out.write(wasm[at] ^ (1 << random.nextInt(8)));
      case 2 -> out.write(wasm[at] + (random.nextBoolean() ? 1 : -1));
      case 3 -> out.write(wasm[HEADER + random.nextInt(wasm.length - HEADER)]);
      default -> {
        out.write(wasm[at]);
        at = wasm.length - 1; // cut short
      }
    }
    out.write(wasm, at + 1, wasm.length - at - 1);
    return out.toByteArray();
  }
}
