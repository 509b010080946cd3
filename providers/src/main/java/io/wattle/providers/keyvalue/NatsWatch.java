package io.wattle.providers.keyvalue;

import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import io.nats.client.api.KeyValueWatchOption;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.impl.NatsKeyValueWatchSubscription;
import io.wattle.providers.watch.ChangeTeller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Hears of changes of keys in a bucket, from now on, and tells them. Each key has an ordered
 * consumer of its own, because servers before 2.10 know one filter for each; a change that happens
 * while NATS is away is heard when it is back, if no later one has taken its place.
 */
final class NatsWatch implements AutoCloseable {
  private final ChangeTeller teller;
  private final List<NatsKeyValueWatchSubscription> subscriptions = new ArrayList<>();

  private NatsWatch(ChangeTeller teller) {
    this.teller = teller;
  }

  static NatsWatch open(KeyValue bucket, ChangeTeller teller)
      throws IOException, JetStreamApiException, InterruptedException {
    NatsWatch watch = new NatsWatch(teller);
    boolean open = false;
    try {
      for (String key : teller.keys().changes().keySet()) {
        watch.subscriptions.add(
            bucket.watch(key, watch.new Told(), KeyValueWatchOption.UPDATES_ONLY));
      }
      open = true;
      return watch;
    } finally {
      if (!open) {
        watch.close();
      }
    }
  }

  @Override
  public void close() {
    teller.close();
    subscriptions.forEach(NatsKeyValueWatchSubscription::unsubscribe);
  }

  /** Runs on the subscription's thread; one change waits for the one before it. */
  private final class Told implements KeyValueWatcher {
    @Override
    public void watch(KeyValueEntry entry) {
      try {
        if (entry.getOperation() == KeyValueOperation.PUT) {
          teller.set(entry.getKey(), Bucket.value(entry));
        } else {
          teller.deleted(entry.getKey());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void endOfData() {}
  }
}
