package io.wattle.benchmarks;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.component.ComponentInstance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Calls of one instance that lives on, a Rust guest: what lifting, lowering and the call itself
 * cost, with nothing around them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WarmInstance {
  private static final String TYPES = "wattle:test/types@0.1.0";

  private final String kibibyte = "wattle! ".repeat(128);
  private final byte[] mebibyte = new byte[1 << 20];
  private @Nullable Guests guests;
  private @Nullable ComponentInstance instance;

  /** One instance of the guest that gives back what it gets. */
  @Setup(Level.Trial)
  public void begin() throws IOException, InvalidComponentException, LinkException {
    Path root = Path.of(System.getProperty("wattle.root", "."));
    guests = new Guests(root);
    instance = guests.instances("echo-types", 0, Guests.nobody()).begin(Guests.task());
  }

  /** Ends it. */
  @TearDown(Level.Trial)
  public void end() throws IOException {
    if (instance != null && guests != null) {
      instance.close();
      guests.close();
    }
  }

  /** A call with nothing but a number. */
  @Benchmark
  public @Nullable Object empty() {
    return echo("echo-u32", 1L);
  }

  /** 1 KiB of ASCII there and back. */
  @Benchmark
  public @Nullable Object string() {
    return echo("echo-string", kibibyte);
  }

  /** 1 MiB of bytes there and back. */
  @Benchmark
  public @Nullable Object bytes() {
    return echo("echo-bytes", mebibyte);
  }

  private @Nullable Object echo(String function, Object value) {
    if (instance == null) {
      throw new IllegalStateException("not begun");
    }
    return instance.call(TYPES, function, value);
  }
}
