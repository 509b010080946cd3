package io.wattle.runtime.embed;

import io.wattle.runtime.Component;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.Task;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A component that a Java program calls. Every call has an instance of its own with fresh state, so
 * a call that trapped or was stopped leaves nothing behind, and many threads may call at once.
 */
public final class Plugin implements AutoCloseable {
  private final GuestComponent guest;

  Plugin(GuestComponent guest) {
    this.guest = guest;
  }

  /** What it imports and exports. */
  public Component component() {
    return guest.component();
  }

  /**
   * Calls an exported function and waits for it at most {@code timeout}. A guest that has not
   * returned by then is stopped, whatever it does.
   *
   * @param function {@code ns:pkg/interface@1.2.3#function}, or the name of a function of the world
   * @param arguments plain objects; {@link io.wattle.runtime.host.HostFunction} has the mapping
   * @return the result, null when the function returns nothing
   * @throws io.wattle.runtime.engine.TrapException when it trapped, hit a limit or was stopped; its
   *     kind says which
   * @throws IllegalArgumentException when there is no such function, or the arguments do not fit
   * @throws InterruptedException when this thread is interrupted; the guest is stopped then
   */
  public @Nullable Object call(Duration timeout, String function, @Nullable Object... arguments)
      throws InterruptedException {
    int hash = function.lastIndexOf('#');
    String instance = hash < 0 ? "" : function.substring(0, hash);
    Task task = new Task("plugin", Deadline.in(timeout), Map.of());
    return guest.call(task, instance, function.substring(hash + 1), arguments);
  }

  /** Stops what runs and gives everything back. */
  @Override
  public void close() {
    guest.close();
  }
}
