package io.wattle.providers.keyvalue;

import io.nats.client.Connection;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.kv.Bucket;
import io.wattle.lattice.kv.BucketListener;
import io.wattle.providers.LinkException;
import io.wattle.providers.watch.ChangeTeller;
import java.util.ArrayList;
import java.util.List;

/**
 * Hears of changes of keys in a bucket, from now on, and tells them. Each key has a consumer of its
 * own, because servers before 2.10 know one filter for each; a change that happens while NATS or
 * the server of the consumer is away is heard afterwards, if no later one has taken its place.
 */
final class NatsWatch implements AutoCloseable {
  private final ChangeTeller teller;
  private final LatticeConnection connection;
  private final List<Subscription> subscriptions = new ArrayList<>();

  private NatsWatch(ChangeTeller teller, LatticeConnection connection) {
    this.teller = teller;
    this.connection = connection;
  }

  static NatsWatch open(Connection nats, String name, ChangeTeller teller)
      throws LinkException, InterruptedException {
    NatsWatch watch = new NatsWatch(teller, LatticeConnection.over(nats));
    boolean open = false;
    try {
      Bucket bucket =
          Bucket.find(watch.connection, name)
              .orElseThrow(() -> new LinkException("bucket " + name + " does not exist any more"));
      Told told = watch.new Told(bucket.revision());
      for (String key : teller.keys().changes().keySet()) {
        watch.subscriptions.add(bucket.watch(key, told));
      }
      open = true;
      return watch;
    } catch (LatticeException | IllegalArgumentException e) {
      throw new LinkException("bucket " + name + " cannot be watched: " + e.getMessage(), e);
    } finally {
      if (!open) {
        watch.close();
      }
    }
  }

  @Override
  public void close() {
    teller.close();
    subscriptions.forEach(Subscription::close);
    connection.close();
  }

  /** Runs on the thread of a key's watch; one change of it waits for the one before. */
  private final class Told implements BucketListener {
    private final long before;

    /**
     * @param before the last change that is not told
     */
    Told(long before) {
      this.before = before;
    }

    @Override
    public void put(String key, byte[] value, long revision) {
      if (revision > before) {
        tell(() -> teller.set(key, value));
      }
    }

    @Override
    public void deleted(String key, long revision) {
      if (revision > before) {
        tell(() -> teller.deleted(key));
      }
    }
  }

  private interface Telling {
    void run() throws InterruptedException;
  }

  private static void tell(Telling telling) {
    try {
      telling.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
