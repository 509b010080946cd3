package io.wattle.runtime.wasi;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** {@code wasi:random}. */
final class RandomNumbers {
  /** The most one call answers, in bytes: the host holds it on its own heap. */
  private static final long MOST = 16L << 20;

  private RandomNumbers() {}

  /** The same for each question of an instance. */
  private record Seed(long low, long high) {
    static Seed random() {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      return new Seed(random.nextLong(), random.nextLong());
    }
  }

  static List<HostInterface> all() {
    SecureRandom secure = new SecureRandom();
    return List.of(
        HostInterface.named("wasi:random/random@0.2.0")
            .function("get-random-bytes", (call, args) -> bytes(secure, (Long) args[0]))
            .function("get-random-u64", (call, args) -> secure.nextLong())
            .build(),
        HostInterface.named("wasi:random/insecure@0.2.0")
            .function(
                "get-insecure-random-bytes",
                (call, args) -> bytes(ThreadLocalRandom.current(), (Long) args[0]))
            .function(
                "get-insecure-random-u64", (call, args) -> ThreadLocalRandom.current().nextLong())
            .build(),
        HostInterface.named("wasi:random/insecure-seed@0.2.0")
            .function(
                "insecure-seed",
                (call, args) -> {
                  Seed seed = call.state(Seed.class, Seed::random);
                  return new Object[] {seed.low, seed.high};
                })
            .build());
  }

  private static byte[] bytes(RandomGenerator random, long length) {
    if (Long.compareUnsigned(length, MOST) > 0) {
      throw new TrapException(
          TrapException.Kind.LIMIT,
          "random bytes: " + Long.toUnsignedString(length) + " (expected: at most " + MOST + ")");
    }
    byte[] bytes = new byte[(int) length];
    random.nextBytes(bytes);
    return bytes;
  }
}
