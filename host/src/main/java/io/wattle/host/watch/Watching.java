package io.wattle.host.watch;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.watch.WatchServer;

/** Lets others read the host's log, and tells them the calls that {@link Spies} noted. */
public final class Watching implements AutoCloseable {
  private static final long IDLE_MILLIS = 60_000;

  private final WatchServer server;
  private final Thread teller;

  private Watching(WatchServer server, Spies spies) {
    this.server = server;
    this.teller = Thread.ofPlatform().name("spies").daemon().unstarted(() -> tell(spies));
  }

  /** Begins as {@code host}. */
  public static Watching start(
      LatticeConnection connection, String host, HostLog log, Spies spies) {
    Watching watching =
        new Watching(WatchServer.start(connection, host, log::page, spies::lease), spies);
    watching.teller.start();
    return watching;
  }

  private void tell(Spies spies) {
    try {
      while (true) {
        spies.next(IDLE_MILLIS).ifPresent(noted -> server.tell(noted.id(), noted.call()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the host leaves
    }
  }

  @Override
  public void close() {
    server.close();
    teller.interrupt();
  }
}
