package io.wattle.providers.watch;

import io.micrometer.core.instrument.Counter;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.keyvalue.WatcherClient;
import io.wattle.providers.PatientCalls;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.io.Deadline;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the component of one link what has changed, one change after the other. A call that nobody
 * took is repeated for a while, as when the component is being replaced; what the component made of
 * a change is its own business, so a call that failed is not repeated.
 */
public final class ChangeTeller {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeTeller.class);

  private final ProviderContext context;
  private final ProviderLink link;
  private final WatchedKeys keys;
  private final WatcherClient client;
  private volatile boolean closed;

  public ChangeTeller(ProviderContext context, ProviderLink link, WatchedKeys keys) {
    this.context = context;
    this.link = link;
    this.keys = keys;
    this.client = new WatcherClient(context.calls(), link.target());
  }

  /** The keys it wants to hear of. */
  public WatchedKeys keys() {
    return keys;
  }

  /** Whether somebody wants to know. */
  public boolean wants(String key, Change change) {
    return !closed && keys.changes().getOrDefault(key, java.util.Set.of()).contains(change);
  }

  /** A key got this value. */
  public void set(String key, byte[] value) throws InterruptedException {
    if (wants(key, Change.SET)) {
      tell(key, call -> client.onSet(call, key, value));
    }
  }

  /** A key is gone. */
  public void deleted(String key) throws InterruptedException {
    if (wants(key, Change.DEL)) {
      tell(key, call -> client.onDelete(call, key));
    }
  }

  /** Nothing is told any more; what is being told now is not repeated. */
  public void close() {
    closed = true;
  }

  private interface Call {
    void run(CallContext context) throws CallException, InterruptedException;
  }

  private void tell(String key, Call call) throws InterruptedException {
    try {
      var _ =
          PatientCalls.make(
              () -> {
                call.run(
                    new CallContext(
                        context.providerId(),
                        link.name(),
                        Deadline.in(context.invocationTimeout()),
                        Map.of()));
                return key;
              },
              () -> closed);
      count("told");
    } catch (CallException e) {
      count("failed");
      LOG.warn(
          "{}: {} was not told of a change of {}: {}",
          context.providerId(),
          link.target(),
          key,
          e.getMessage());
    }
  }

  private void count(String outcome) {
    Counter.builder("wattle.keyvalue.changes")
        .description("changes of watched keys, by whether the component was told")
        .tag("provider", context.providerId())
        .tag("outcome", outcome)
        .register(context.metrics())
        .increment();
  }
}
