package io.wattle.lattice.kv;

import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import io.wattle.lattice.ConnectionState;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch that outlives its connection and the server that feeds it ({@link BucketFeed}). After
 * each reconnect it asks for everything again and tells only what is newer than what it has told,
 * since a consumer of the server may be gone.
 */
final class BucketWatch {
  private static final Logger LOG = LoggerFactory.getLogger(BucketWatch.class);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Bucket bucket;
  private final String keys;
  private final BucketListener listener;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("watch-", 0).factory());
  private @Nullable BucketFeed feed;
  private int generation;
  private long told;
  private boolean current;
  private boolean lost; // the connection; told of by one thread at a time
  private boolean closed;

  private BucketWatch(Bucket bucket, String keys, BucketListener listener) {
    this.bucket = bucket;
    this.keys = keys;
    this.listener = listener;
  }

  static Subscription start(Bucket bucket, String keys, BucketListener listener)
      throws InterruptedException {
    BucketWatch watch = new BucketWatch(bucket, keys, listener);
    watch.subscribe();
    Subscription states = bucket.connection().onState(watch::connection);
    return () -> {
      states.close();
      watch.close();
    };
  }

  static Map<String, Versioned<byte[]>> snapshot(Bucket bucket) throws InterruptedException {
    Map<String, Versioned<byte[]>> entries = new LinkedHashMap<>();
    CountDownLatch complete = new CountDownLatch(1);
    BucketListener collector =
        new BucketListener() {
          @Override
          public void put(String key, byte[] value, long revision) {
            entries.put(key, new Versioned<>(value, revision));
          }

          @Override
          public void deleted(String key, long revision) {
            entries.remove(key);
          }

          @Override
          public void current() {
            complete.countDown();
          }
        };
    Duration timeout = bucket.connection().options().requestTimeout();
    Subscription watch = start(bucket, ">", collector);
    try {
      if (!complete.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LatticeException(
            LatticeException.Kind.TIMEOUT,
            bucket + ": not read within " + timeout.toMillis() + " ms");
      }
    } finally {
      watch.close();
    }
    return entries;
  }

  private synchronized void subscribe() throws InterruptedException {
    if (closed) {
      return;
    }
    int mine = ++generation;
    feed = bucket.attempt(() -> BucketFeed.start(bucket, keys, new Feeding(mine)));
  }

  private void connection(ConnectionState state) {
    switch (state) {
      case LOST -> lost = true;
      case CONNECTED -> {
        if (lost) {
          lost = false;
          submit(this::again);
        }
      }
      case CLOSED -> {}
    }
  }

  private void again() {
    synchronized (this) {
      if (!current) {
        return; // the first subscription is on its way
      }
    }
    renew();
  }

  private void renew() {
    unsubscribe();
    try {
      subscribe();
    } catch (LatticeException e) {
      LOG.debug("watch of {}: {}", bucket, e.getMessage());
      retryLater();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void retryLater() {
    CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> submit(this::renew));
  }

  private synchronized boolean outdated(int of) {
    return of != generation;
  }

  private void tell(int of, KeyValueEntry entry) {
    if (outdated(of) || entry.getRevision() <= told) {
      return;
    }
    told = entry.getRevision();
    try {
      byte[] value = entry.getValue() == null ? new byte[0] : entry.getValue();
      if (entry.getOperation() == KeyValueOperation.PUT) {
        listener.put(entry.getKey(), value, entry.getRevision());
      } else {
        listener.deleted(entry.getKey(), value, entry.getRevision());
      }
    } catch (RuntimeException e) {
      LOG.error("a listener failed on key {} of {}", entry.getKey(), bucket, e);
    }
  }

  private void replace(int of) {
    if (!outdated(of)) {
      LOG.debug("watch of {}: its consumer does not say everything any more; a new one", bucket);
      renew();
    }
  }

  private void end(int of) {
    if (outdated(of)) {
      return;
    }
    synchronized (this) {
      if (current) {
        return;
      }
      current = true;
    }
    listener.current();
  }

  private void submit(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.trace("watch of {} is closed", bucket);
    }
  }

  private synchronized void unsubscribe() {
    generation++;
    if (feed != null) {
      feed.close();
      feed = null;
    }
  }

  /** One feed's news, which count until the next one is there. */
  private final class Feeding implements BucketFeed.Listener {
    private final int mine;

    Feeding(int mine) {
      this.mine = mine;
    }

    @Override
    public void entry(KeyValueEntry entry) {
      submit(() -> tell(mine, entry));
    }

    @Override
    public void end() {
      submit(() -> BucketWatch.this.end(mine));
    }

    @Override
    public void lost() {
      submit(() -> replace(mine));
    }
  }

  private void close() {
    synchronized (this) {
      closed = true;
    }
    unsubscribe();
    thread.shutdownNow();
  }
}
