package io.wattle.host.link;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.kv.ComponentSpec;
import io.wattle.lattice.kv.ConfigData;
import io.wattle.lattice.kv.LatticeData;
import io.wattle.lattice.kv.Versioned;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lattice's state in JetStream as this host sees it: the tables follow the buckets, writes go
 * to the buckets and into the tables at once, so that a host sees its own writes (sections 4 and 5
 * of the lattice reference).
 */
public final class LatticeState implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LatticeState.class);

  private final LatticeData data;
  private final ConfigData configs;
  private final LinkTable linkTable = new LinkTable();
  private final ConfigTable configTable = new ConfigTable();
  private final List<Consumer<Set<String>>> linkListeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> configListeners = new CopyOnWriteArrayList<>();
  private final List<Subscription> watches = new CopyOnWriteArrayList<>();

  private LatticeState(LatticeData data, ConfigData configs) {
    this.data = data;
    this.configs = configs;
  }

  /**
   * Opens the buckets, makes them when they are not there, and reads what is there.
   *
   * @param timeout until everything that is there has been read
   */
  public static LatticeState open(LatticeConnection connection, Duration timeout)
      throws InterruptedException {
    connection.requireJetStream();
    LatticeState state =
        new LatticeState(
            LatticeData.open(connection, BucketOptions.DEFAULT),
            ConfigData.open(connection, BucketOptions.DEFAULT));
    CountDownLatch current = new CountDownLatch(2);
    state.watches.add(state.data.watch(state.new Specs(current)));
    state.watches.add(state.configs.watchAll(state.new Configs(current)));
    if (!current.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      state.close();
      throw new LatticeException(
          LatticeException.Kind.TIMEOUT,
          "the lattice's links and configs could not be read within "
              + timeout.toMillis()
              + " ms; is JetStream of "
              + connection
              + " healthy?");
    }
    return state;
  }

  /** Claims that hosts stored, by the key they are about; read from the bucket. */
  public Map<String, JsonNode> claims() throws InterruptedException {
    return data.claims();
  }

  public LinkTable links() {
    return linkTable;
  }

  public ConfigTable configs() {
    return configTable;
  }

  /** Tells the ids at the ends of links that changed. The listener must not block. */
  public void onLinks(Consumer<Set<String>> listener) {
    linkListeners.add(listener);
  }

  /** Tells that some config changed. The listener must not block. */
  public void onConfigs(Runnable listener) {
    configListeners.add(listener);
  }

  /** Makes the specification of an entity that starts, unless there is one. */
  public void register(String id, String url) throws InterruptedException {
    Versioned<ComponentSpec> spec = data.specOrCreate(id, url);
    took(id, spec);
  }

  /** Puts a link by the rules of the protocol. */
  public LatticeData.LinkWrite putLink(Link link, boolean replace) throws InterruptedException {
    LatticeData.LinkWrite write = data.putLink(link, replace);
    refresh(link.sourceId());
    return write;
  }

  /** Deletes the first link with this key in somebody's name; the one that was deleted. */
  public Optional<Link> deleteLink(LinkKey key, String by) throws InterruptedException {
    Optional<Link> deleted = data.deleteLink(key, by);
    refresh(key.sourceId());
    return deleted;
  }

  /** Whether an entity has a specification. */
  public boolean hasSpec(String id) throws InterruptedException {
    return data.spec(id).isPresent();
  }

  /** A config as it is stored. */
  public Optional<Map<String, String>> config(String name) throws InterruptedException {
    return configs.get(name).map(Versioned::value);
  }

  public void putConfig(String name, Map<String, String> values) throws InterruptedException {
    took(name, values, configs.put(name, values));
  }

  /** Deletes a config in somebody's name; the revision. */
  public long deleteConfig(String name, String by) throws InterruptedException {
    long revision = configs.delete(name, by);
    gone(name, by, revision);
    return revision;
  }

  /** Reads the links of a source anew, for one who knows that they are not the newest. */
  public void refresh(String source) throws InterruptedException {
    data.spec(source).ifPresent(spec -> took(source, spec));
  }

  /**
   * Makes sure that the configs' values are known here, for a command that may have overtaken the
   * news of them. Those that are not there at all count as empty.
   *
   * @return the names that are not there
   */
  public List<String> require(List<String> names) throws InterruptedException {
    var missing = new java.util.ArrayList<String>();
    for (String name : names) {
      if (!configTable.knows(name)) {
        var stored = configs.get(name);
        stored.ifPresent(config -> took(name, config.value(), config.revision()));
        if (stored.isEmpty()) {
          missing.add(name);
        }
      }
    }
    return missing;
  }

  @Override
  public void close() {
    watches.forEach(Subscription::close);
  }

  private void took(String source, Versioned<ComponentSpec> spec) {
    Set<String> touched =
        linkTable.put(source, spec.value().links(), spec.value().wattleRevoked(), spec.revision());
    if (!touched.isEmpty()) {
      linkListeners.forEach(listener -> listener.accept(touched));
    }
  }

  private void took(String name, Map<String, String> values, long revision) {
    if (configTable.put(name, values, revision)) {
      configListeners.forEach(Runnable::run);
    }
  }

  private void gone(String name, String by, long revision) {
    if (configTable.delete(name, by, revision)) {
      configListeners.forEach(Runnable::run);
    }
  }

  private final class Specs implements LatticeData.Listener {
    private final CountDownLatch current;

    Specs(CountDownLatch current) {
      this.current = current;
    }

    @Override
    public void spec(String id, ComponentSpec spec, long revision) {
      took(id, new Versioned<>(spec, revision));
    }

    @Override
    public void specDeleted(String id, long revision) {
      LOG.info("the specification of {} was deleted, its links are revoked", id);
      took(id, new Versioned<>(ComponentSpec.EMPTY, revision));
    }

    @Override
    public void current() {
      current.countDown();
    }
  }

  private final class Configs implements ConfigData.Listener {
    private final CountDownLatch current;

    Configs(CountDownLatch current) {
      this.current = current;
    }

    @Override
    public void config(String name, Map<String, String> values, long revision) {
      took(name, values, revision);
    }

    @Override
    public void deleted(String name, Optional<String> by, long revision) {
      gone(name, by.orElse("somebody who did not say"), revision);
    }

    @Override
    public void current() {
      current.countDown();
    }
  }
}
