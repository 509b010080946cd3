package io.wattle.lattice.kv;

import com.fasterxml.jackson.core.type.TypeReference;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bucket {@code CONFIGDATA_{lattice}}: named maps of text (section 4.3). */
public final class ConfigData {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigData.class);

  /** Who removed a config, in the marker that is left in its place: our own field. */
  private static final String BY = "wattle_by";

  private final Bucket bucket;

  private ConfigData(Bucket bucket) {
    this.bucket = bucket;
  }

  /** Opens the bucket of the connection's lattice, makes it when it is not there. */
  public static ConfigData open(LatticeConnection connection, BucketOptions options)
      throws InterruptedException {
    return new ConfigData(Bucket.open(connection, "CONFIGDATA_" + connection.lattice(), options));
  }

  /** The bucket. */
  public Bucket bucket() {
    return bucket;
  }

  /** A config. */
  public Optional<Versioned<Map<String, String>>> get(String name) throws InterruptedException {
    return bucket.get(name).map(e -> new Versioned<>(values(name, e.value()), e.revision()));
  }

  /** Whether there is such a config. */
  public boolean exists(String name) throws InterruptedException {
    return bucket.get(name).isPresent();
  }

  /** The names of all configs, secret references ({@code SECRET...}) among them. */
  public List<String> names() throws InterruptedException {
    return bucket.keys();
  }

  /** Stores a config; the revision. */
  public long put(String name, Map<String, String> values) throws InterruptedException {
    return bucket.put(name, Json.write(values));
  }

  /**
   * Removes a config, if there, and notes who did.
   *
   * @return the revision
   */
  public long delete(String name, String by) throws InterruptedException {
    return bucket.purge(name, Json.write(Map.of(BY, by)));
  }

  /** Tells what is there and every change; a config that is gone is told as empty. */
  public Subscription watch(String name, Listener listener) throws InterruptedException {
    return bucket.watch(name, new Adapter(listener));
  }

  /** As above, for all configs. */
  public Subscription watchAll(Listener listener) throws InterruptedException {
    return bucket.watch(">", new Adapter(listener));
  }

  private static Map<String, String> values(String name, byte[] json) {
    Map<String, String> values =
        Json.read(json, new TypeReference<Map<String, String>>() {}, "config " + name);
    if (values.containsValue(null)) {
      throw new LatticeException(
          LatticeException.Kind.MALFORMED, "config " + name + ": null (expected: texts)");
    }
    return Map.copyOf(values);
  }

  /** Hears of configs. */
  public interface Listener {
    /** A config as it is now, empty when it is gone. */
    void config(String name, Map<String, String> values, long revision);

    /** A config is gone; {@code by} is empty when it was not said who removed it. */
    default void deleted(String name, Optional<String> by, long revision) {
      config(name, Map.of(), revision);
    }

    /** What was there at the start has been told. */
    default void current() {}
  }

  private record Adapter(Listener listener) implements BucketListener {
    @Override
    public void put(String key, byte[] value, long revision) {
      Map<String, String> values;
      try {
        values = values(key, value);
      } catch (LatticeException e) {
        LOG.warn("skipped: {}", e.getMessage());
        return;
      }
      listener.config(key, values, revision);
    }

    @Override
    public void deleted(String key, long revision) {
      listener.deleted(key, Optional.empty(), revision);
    }

    @Override
    public void deleted(String key, byte[] marker, long revision) {
      listener.deleted(key, by(marker), revision);
    }

    private static Optional<String> by(byte[] marker) {
      if (marker.length == 0) {
        return Optional.empty();
      }
      try {
        return Optional.of(Json.tree(marker, "marker").path(BY).asText(""))
            .filter(by -> !by.isEmpty());
      } catch (LatticeException e) {
        return Optional.empty(); // somebody else's marker
      }
    }

    @Override
    public void current() {
      listener.current();
    }
  }
}
