package io.wattle.runtime.component;

import java.util.ArrayList;
import java.util.List;

/** Where fuzzing starts from. */
public final class Seeds {
  private Seeds() {}

  /** Small components: of every kind of definition, and hostile ones. */
  public static List<byte[]> components() {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : List.of("composed", "traps", "reinterpret")) {
      seeds.add(Fixture.fixture(name));
    }
    for (String name : List.of("state", "missing-import", "wasi-0-3-async", "wasi-0-3-stream")) {
      seeds.add(Fixture.guest(name));
    }
    HostileDecoderTest.isRefusedByTheLimitsName()
        .map(arguments -> ((Binary) arguments.get()[1]).toBytes())
        .filter(wasm -> wasm.length < 1_000)
        .forEach(seeds::add);
    return seeds;
  }

  /** The first byte chooses an encoding, the rest is memory. */
  public static List<byte[]> images() {
    List<byte[]> seeds = new ArrayList<>();
    for (byte encoding = 0; encoding < 3; encoding++) {
      // All pointers and lengths 0, all cases the first: a valid value.
      byte[] empty = new byte[1 + 192];
      empty[0] = encoding;
      seeds.add(empty);
    }
    return seeds;
  }
}
