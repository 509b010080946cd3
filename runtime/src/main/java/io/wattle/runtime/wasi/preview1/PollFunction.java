package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.wasi.io.Pollable;
import io.wattle.runtime.wasi.io.Waits;
import io.wattle.wit.io.Ticker;
import java.util.ArrayList;
import java.util.List;

/** {@code poll_oneoff}. */
final class PollFunction {
  private static final int SUBSCRIPTION_BYTES = 48;
  private static final int EVENT_BYTES = 32;
  private static final int MOST = 4096;
  private static final int CLOCK = 0;
  private static final int READ = 1;
  private static final int ABSOLUTE = 1;

  private PollFunction() {}

  static void addTo(Functions to) {
    to.add("poll_oneoff", "iiii", PollFunction::poll);
  }

  /** What one waits for, and what it is told. */
  private record Subscription(long userData, int type, int errno, Pollable pollable) {}

  private static void poll(Instance me, long[] a) throws ErrnoException, InterruptedException {
    int count = (int) a[2];
    if (count <= 0 || count > MOST) {
      throw new ErrnoException(Errno.INVAL);
    }
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(read(me, (int) a[0] + i * SUBSCRIPTION_BYTES));
    }
    List<Integer> ready = Waits.of(me).forAny(all.stream().map(Subscription::pollable).toList());
    CoreMemory memory = me.memory();
    int at = (int) a[1];
    for (int index : ready) {
      Subscription subscription = all.get(index);
      memory.putLong(at, subscription.userData());
      memory.putShort(at + 8, (short) subscription.errno());
      memory.putByte(at + 10, (byte) subscription.type());
      memory.putLong(at + 16, subscription.type() == CLOCK ? 0 : 1);
      memory.putLong(at + 24, 0);
      at += EVENT_BYTES;
    }
    memory.putInt((int) a[3], ready.size());
  }

  private static Subscription read(Instance me, int at) throws ErrnoException {
    CoreMemory memory = me.memory();
    long userData = memory.getLong(at);
    int type = memory.getByte(at + 8);
    try {
      Pollable pollable =
          type == CLOCK
              ? timer(me, memory.getInt(at + 16), memory.getLong(at + 24), memory.getShort(at + 40))
              : file(me, memory.getInt(at + 16), type);
      return new Subscription(userData, type, Errno.SUCCESS, pollable);
    } catch (ErrnoException e) {
      return new Subscription(userData, type, e.errno(), Pollable.ALWAYS);
    }
  }

  private static Pollable timer(Instance me, int clock, long timeout, int flags)
      throws ErrnoException {
    long now = SystemFunctions.time(me, clock);
    boolean absolute = (flags & ABSOLUTE) != 0;
    long left = absolute ? (Long.compareUnsigned(timeout, now) <= 0 ? 0 : timeout - now) : timeout;
    Ticker ticker = me.options.ticker();
    return Pollable.timer(ticker, ticker.nanos(), left);
  }

  private static Pollable file(Instance me, int number, int type) throws ErrnoException {
    return switch (me.get(number)) {
      case Open.Input input -> Streams.readable(input.source());
      case Open.Listener listener -> listener.listener.ready();
      case Open.Connection connection ->
          type == READ
              ? Streams.readable(connection.accepted.input())
              : Streams.writable(connection.accepted.output());
      case Open.Output output -> Pollable.ALWAYS;
      case Open.Node node -> Pollable.ALWAYS;
    };
  }
}
