package io.wattle.runtime.component;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostCall;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import org.jspecify.annotations.Nullable;

/**
 * One fresh graph of a component, taken for one invocation: all its core instances, handle tables
 * and host state. Used by one thread at a time (any thread). It is the {@link HostCall} that host
 * functions receive, so that {@link #state} is shared between the embedder and host functions.
 */
public interface ComponentInstance extends HostCall, AutoCloseable {
  /**
   * Calls an exported function with plain objects (the mapping is {@link
   * io.wattle.runtime.host.HostFunction}'s). An argument of type own or borrow of a host resource
   * is the Java object itself: own gives it to the guest, borrow lends it for the call. Own and
   * borrow of a resource that the component itself defines are {@link GuestResource}s.
   *
   * @param instance as exported, with version; a compatible version is accepted; empty for a
   *     function of the world
   * @return the result, null when the function returns nothing
   * @throws TrapException when it trapped, was stopped or hit a limit; the instance cannot be
   *     called again
   * @throws IllegalArgumentException when there is no such function, or the arguments do not fit
   */
  @Nullable Object call(String instance, String function, @Nullable Object... arguments);

  /**
   * Calls an exported function. The result is written to {@code results} before this returns.
   *
   * @throws io.wattle.wit.value.MalformedValueException when the parameters do not fit their type
   */
  void call(String instance, String function, ValueSource parameters, ValueSink results);

  /**
   * Lets tasks that have returned their results go on until they end, or wait for what will never
   * come. A call returns when its result is there; without this, {@link #close} ends such tasks.
   *
   * @throws TrapException when one trapped, was stopped or hit a limit
   */
  void settle();

  /** Drops an owned resource that the component gave away: runs its destructor. */
  void drop(GuestResource resource);

  /**
   * Ends the invocation: host state is closed; the graph is reset for another one or thrown away.
   */
  @Override
  void close();
}
