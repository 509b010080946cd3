package io.wattle.cli.watch;

import io.wattle.cli.base.Console;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.watch.LogPage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Hears every host on a thread of its own, until it leaves. */
final class LogFollower implements AutoCloseable {
  /** How often to look for hosts that joined. */
  static final Duration NEW_HOSTS = Duration.ofSeconds(3);

  private final LogReader reader;
  private final Console console;
  private final Consumer<LogReader.Heard> out;
  private final Map<String, HostInfo> followed = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("follow-", 0).factory());

  LogFollower(LogReader reader, Console console, Consumer<LogReader.Heard> out) {
    this.reader = reader;
    this.console = console;
    this.out = out;
  }

  /** Hears these too. */
  void hosts(List<HostInfo> hosts) {
    for (HostInfo host : hosts) {
      if (followed.putIfAbsent(host.id(), host) == null) {
        threads.execute(() -> follow(host));
      }
    }
  }

  private void follow(HostInfo host) {
    try {
      LogPage page = reader.first(host, console);
      while (true) {
        if (page.lost() > 0) {
          console.progress(host.friendlyName() + ": " + page.lost() + " lines were lost");
        }
        page.lines().forEach(line -> out.accept(new LogReader.Heard(host.friendlyName(), line)));
        page = reader.next(host, page.next());
      }
    } catch (LatticeException e) {
      console.progress(host.friendlyName() + ": " + e.getMessage());
      followed.remove(host.id()); // if it comes back, it is heard again
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
