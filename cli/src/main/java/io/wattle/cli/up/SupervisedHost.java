package io.wattle.cli.up;

import io.wattle.cli.base.CommandException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host in its own JVM that is started again, with its identity, when it dies. One that was told
 * to stop ({@code stop host}) ends in good order and stays away.
 */
final class SupervisedHost implements RunningHost {
  private static final Logger log = LoggerFactory.getLogger(SupervisedHost.class);

  private final Starter starter;
  private volatile HostChild child;
  private volatile boolean stopped;

  /** Starts the process. */
  @FunctionalInterface
  interface Starter {
    HostChild start() throws CommandException, InterruptedException;
  }

  private SupervisedHost(Starter starter, HostChild child) {
    this.starter = starter;
    this.child = child;
    watch(child);
  }

  static SupervisedHost start(Starter starter) throws CommandException, InterruptedException {
    return new SupervisedHost(starter, starter.start());
  }

  private void watch(HostChild running) {
    var ignored =
        running
            .process()
            .onExit()
            .thenAccept(
                process -> {
                  int exitCode = process.exitValue();
                  if (exitCode != 0 && !stopped) {
                    Thread.ofPlatform().name("host-again").start(() -> again(running, exitCode));
                  }
                });
  }

  private void again(HostChild before, int exitCode) {
    log.warn("host {} died with exit code {}; starting it again", before.name(), exitCode);
    try {
      HostChild next = starter.start();
      child = next;
      if (stopped) {
        next.stop(Duration.ZERO);
      } else {
        watch(next);
      }
    } catch (CommandException e) {
      log.error("host {} does not start again: {}", before.name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String id() {
    return child.id();
  }

  @Override
  public String name() {
    return child.name();
  }

  @Override
  public void stop(Duration within) throws InterruptedException {
    stopped = true;
    child.stop(within);
  }
}
