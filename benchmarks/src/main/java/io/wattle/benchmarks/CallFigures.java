package io.wattle.benchmarks;

import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A call into a component, and one that goes on to another component of the same process. */
final class CallFigures {
  private static final int CALLS = 20_000;
  private static final String TYPES = "wattle:test/types@0.1.0";
  private static final String VIA_HOST = "wattle:test/via-host@0.1.0";

  private CallFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    try (Guests guests = new Guests(root)) {
      GuestComponent callee = guests.component("echo-types", Guests.nobody());
      GuestComponent caller =
          guests.component("echo-types", Guests.to(callee, TYPES, "echo-string"));
      long[] direct = calls(callee, TYPES, "echo-string");
      long[] through = calls(caller, VIA_HOST, "via-host-string");
      return List.of(
          figure("call of a component, a short string", direct),
          figure("the same by way of another component, in process", through));
    } catch (InvalidComponentException | LinkException e) {
      throw new IOException(e);
    }
  }

  private static Figure figure(String name, long[] times) {
    return new Figure(
        name,
        "p50 " + Figure.time(times[CALLS / 2]) + ", p99 " + Figure.time(times[CALLS * 99 / 100]),
        "",
        "one caller, fresh state each time, the hop to a guest thread included");
  }

  private static long[] calls(GuestComponent component, String instance, String function)
      throws InterruptedException {
    ValueEncoder encoder = new ValueEncoder();
    encoder.string("twelve bytes");
    byte[] parameters = encoder.toBytes();
    long[] times = new long[CALLS];
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < CALLS; i++) {
        ValueEncoder results = new ValueEncoder();
        long start = System.nanoTime();
        component.call(Guests.task(), instance, function, new ValueDecoder(parameters), results);
        times[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(times);
    return times;
  }
}
