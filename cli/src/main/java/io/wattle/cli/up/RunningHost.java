package io.wattle.cli.up;

import java.time.Duration;

/** A host that the supervisor started, in this JVM or in its own. */
interface RunningHost {
  /** Its public nkey. */
  String id();

  /** Its name for people. */
  String name();

  /** Stops it: what runs may finish within the time. */
  void stop(Duration within) throws InterruptedException;
}
