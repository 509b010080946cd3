package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.wasi.GuestExit;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** Arguments, environment, clocks, random numbers, exit. */
final class SystemFunctions {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;
  private static final int PIECE = 4096;

  private SystemFunctions() {}

  static void addTo(Functions to) {
    to.add("args_sizes_get", "ii", (me, a) -> sizes(me, arguments(me), a));
    to.add("args_get", "ii", (me, a) -> texts(me, arguments(me), a));
    to.add("environ_sizes_get", "ii", (me, a) -> sizes(me, environment(me), a));
    to.add("environ_get", "ii", (me, a) -> texts(me, environment(me), a));
    to.add(
        "clock_res_get", "ii", (me, a) -> me.memory().putLong((int) a[1], resolution((int) a[0])));
    to.add(
        "clock_time_get", "ili", (me, a) -> me.memory().putLong((int) a[2], time(me, (int) a[0])));
    to.add("random_get", "ii", SystemFunctions::random);
    to.add("sched_yield", "", (me, a) -> {});
    to.add(
        "proc_raise",
        "i",
        (me, a) -> {
          throw new ErrnoException(Errno.NOTSUP);
        });
    to.addLast(
        "proc_exit",
        "i",
        (me, a) -> {
          int code = (int) a[0] & 0xff;
          throw new TrapException(
              TrapException.Kind.EXIT, "it exited with code " + code, new GuestExit(code));
        });
  }

  private static List<String> arguments(Instance me) {
    return me.options.arguments();
  }

  private static List<String> environment(Instance me) {
    return me.options.environment().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .toList();
  }

  private static void sizes(Instance me, List<String> texts, long[] a) throws ErrnoException {
    int bytes = 0;
    for (String text : texts) {
      bytes += text.getBytes(StandardCharsets.UTF_8).length + 1;
    }
    me.memory().putInt((int) a[0], texts.size());
    me.memory().putInt((int) a[1], bytes);
  }

  private static void texts(Instance me, List<String> texts, long[] a) throws ErrnoException {
    CoreMemory memory = me.memory();
    int pointers = (int) a[0];
    int at = (int) a[1];
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      memory.putInt(pointers, at);
      memory.write(at, bytes, 0, bytes.length);
      memory.putByte(at + bytes.length, (byte) 0);
      pointers += 4;
      at += bytes.length + 1;
    }
  }

  private static long resolution(int clock) throws ErrnoException {
    check(clock);
    return 1;
  }

  private static void check(int clock) throws ErrnoException {
    if (clock != REALTIME && clock != MONOTONIC) {
      throw new ErrnoException(clock == 2 || clock == 3 ? Errno.NOTSUP : Errno.INVAL);
    }
  }

  /** Nanoseconds, of the day or since the instance began. */
  static long time(Instance me, int clock) throws ErrnoException {
    check(clock);
    if (clock == MONOTONIC) {
      return me.nanos();
    }
    Instant now = me.options.wallClock().instant();
    return now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  private static void random(Instance me, long[] a) throws ErrnoException {
    long left = Integer.toUnsignedLong((int) a[1]);
    CoreMemory memory = me.memory();
    if (left > memory.byteSize()) {
      throw new ErrnoException(Errno.FAULT);
    }
    byte[] piece = new byte[PIECE];
    int at = (int) a[0];
    while (left > 0) {
      int length = (int) Math.min(left, PIECE);
      RANDOM.nextBytes(piece);
      memory.write(at, piece, 0, length);
      at += length;
      left -= length;
    }
  }
}
