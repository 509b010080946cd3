package io.wattle.cli.up;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves the terminal: a detached supervisor must not die with it, nor by its Ctrl-C. */
final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private Session() {}

  /** POSIX {@code setsid}: this process becomes the leader of a session without a terminal. */
  @SuppressWarnings("restricted")
  static void detach() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setsid = linker.defaultLookup().find("setsid");
    if (setsid.isEmpty()) {
      return; // no POSIX system
    }
    try {
      int session =
          (int) linker.downcallHandle(setsid.get(), FunctionDescriptor.of(JAVA_INT)).invokeExact();
      log.debug("session {}", session);
    } catch (Throwable e) {
      log.warn("cannot leave the terminal's session: {}", e.toString());
    }
  }
}
