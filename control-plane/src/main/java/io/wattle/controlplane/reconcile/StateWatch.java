package io.wattle.controlplane.reconcile;

import com.fasterxml.jackson.core.type.TypeReference;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.kv.BucketListener;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.kv.ComponentSpec;
import io.wattle.lattice.kv.ConfigData;
import io.wattle.lattice.kv.LatticeData;
import io.wattle.lattice.link.Link;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The links and configs of a lattice, kept up to date by watching its buckets. */
final class StateWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateWatch.class);
  private static final Duration FIRST = Duration.ofSeconds(5);

  private final LatticeData data;
  private final ConfigData configData;
  private final Map<String, List<Link>> links = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> configs = new ConcurrentHashMap<>();
  private final CountDownLatch told = new CountDownLatch(2);
  private final Runnable wake;
  private final Subscription watchingLinks;
  private final Subscription watchingConfigs;

  /**
   * Begins to watch and waits for what is there.
   *
   * @throws LatticeException when the buckets cannot be read
   */
  StateWatch(LatticeConnection connection, Runnable wake) throws InterruptedException {
    this.wake = wake;
    this.data = LatticeData.open(connection, BucketOptions.DEFAULT);
    this.configData = ConfigData.open(connection, BucketOptions.DEFAULT);
    this.watchingLinks = data.watch(new Specs());
    this.watchingConfigs = configData.bucket().watch(">", new Configs());
    if (!told.await(FIRST.toMillis(), TimeUnit.MILLISECONDS)) {
      close();
      throw new LatticeException(
          LatticeException.Kind.TIMEOUT,
          "the links and configs of lattice %s were not read within %d s"
              .formatted(connection.lattice(), FIRST.toSeconds()));
    }
  }

  List<Link> links() {
    return links.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(e -> e.getValue().stream())
        .toList();
  }

  Map<String, Map<String, String>> configs() {
    return Map.copyOf(configs);
  }

  /** The buckets, for the time when there is no host to ask. */
  LatticeData data() {
    return data;
  }

  ConfigData configData() {
    return configData;
  }

  private final class Specs implements LatticeData.Listener {
    @Override
    public void spec(String id, ComponentSpec spec, long revision) {
      if (!spec.links().equals(links.put(id, spec.links()))) {
        wake.run();
      }
    }

    @Override
    public void specDeleted(String id, long revision) {
      links.remove(id);
      wake.run();
    }

    @Override
    public void current() {
      told.countDown();
    }
  }

  private final class Configs implements BucketListener {
    @Override
    public void put(String key, byte[] value, long revision) {
      try {
        configs.put(
            key, Json.read(value, new TypeReference<Map<String, String>>() {}, "config " + key));
        wake.run();
      } catch (LatticeException e) {
        LOG.warn("skipped: {}", e.getMessage());
      }
    }

    @Override
    public void deleted(String key, long revision) {
      configs.remove(key);
      wake.run();
    }

    @Override
    public void current() {
      told.countDown();
    }
  }

  @Override
  public void close() {
    watchingLinks.close();
    watchingConfigs.close();
  }
}
