package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.wasi.io.EventPollable;
import java.nio.channels.SelectableChannel;

/** Something that a look tells is ready, and the reactor when to look again. */
final class Readiness extends EventPollable {
  private final Look look;
  private final SelectableChannel channel;
  private final int operation;

  /** Whether it is ready now. */
  @FunctionalInterface
  interface Look {
    boolean ready();
  }

  Readiness(Look look, SelectableChannel channel, int operation) {
    this.look = look;
    this.channel = channel;
    this.operation = operation;
  }

  @Override
  public boolean ready() {
    return look.ready();
  }

  @Override
  protected void subscribe(Runnable callback) {
    Reactor.get().when(channel, operation, callback);
  }
}
