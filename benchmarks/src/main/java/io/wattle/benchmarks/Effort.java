package io.wattle.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What this process has cost the machine. Other processes hardly change it, unlike times.
 *
 * @param cpuMicros of all threads, in user and kernel mode
 * @param switches how often a thread of it stopped to wait for something
 */
record Effort(double cpuMicros, double switches) {
  /** {@code struct rusage} of getrusage(2) on 64-bit Linux: two times, then fourteen counts. */
  private static final long USER = 0;

  private static final long SYSTEM = 16;
  private static final long VOLUNTARY_SWITCHES = 32 + 12 * 8;
  private static final long SIZE = 32 + 14 * 8;

  @SuppressWarnings("restricted") // what benchmarks/run allows
  private static final MethodHandle GETRUSAGE =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("getrusage"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  /** Since the process began. */
  static Effort soFar() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment usage = arena.allocate(SIZE, Long.BYTES);
      int failed = (int) GETRUSAGE.invokeExact(0, usage);
      if (failed != 0) {
        throw new IllegalStateException("getrusage failed");
      }
      return new Effort(
          micros(usage, USER) + micros(usage, SYSTEM),
          usage.get(ValueLayout.JAVA_LONG, VOLUNTARY_SWITCHES));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static double micros(MemorySegment usage, long at) {
    return usage.get(ValueLayout.JAVA_LONG, at) * 1e6
        + usage.get(ValueLayout.JAVA_LONG, at + Long.BYTES);
  }

  /** What has come since {@code before}, for each of {@code calls}. */
  Effort since(Effort before, long calls) {
    return new Effort((cpuMicros - before.cpuMicros) / calls, (switches - before.switches) / calls);
  }
}
