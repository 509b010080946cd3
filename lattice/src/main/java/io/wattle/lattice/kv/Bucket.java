package io.wattle.lattice.kv;

import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.StorageType;
import io.nats.client.impl.Headers;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A JetStream key-value bucket. Writes say which revision they expect. Errors are {@link
 * LatticeException}s.
 */
public final class Bucket {
  private static final int NO_STREAM = 10059;
  private static final int WRONG_REVISION = 10071;

  /** The same from a clustered stream while another write to the key is on its way. */
  private static final int WRONG_REVISION_IN_CLUSTER = 10164;

  private static final int NAME_IN_USE = 10058;
  private static final String AT = ": JetStream at ";
  private static final String SILENT = " did not answer (";

  private final LatticeConnection connection;
  private final String name;
  private final KeyValue values;

  private Bucket(LatticeConnection connection, String name, KeyValue values) {
    this.connection = connection;
    this.name = name;
    this.values = values;
  }

  /** Opens a bucket, makes it first when it is not there. */
  public static Bucket open(LatticeConnection connection, String name, BucketOptions options)
      throws InterruptedException {
    Optional<Bucket> there = find(connection, name);
    if (there.isPresent()) {
      there.get().attempt(() -> raise(connection, name));
      return there.get();
    }
    KeyValueConfiguration.Builder configuration =
        KeyValueConfiguration.builder()
            .name(name)
            .maxHistoryPerKey(options.history())
            .storageType(StorageType.File);
    if (options.maxAge() != null) {
      configuration.ttl(options.maxAge());
    }
    try {
      KeyValueManagement management = management(connection);
      Replicas.make(
          connection.nats(),
          connection.options().replicas(),
          copies -> management.create(configuration.replicas(copies).build()));
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NAME_IN_USE) { // else somebody made it meanwhile
        throw refused(name, e);
      }
    } catch (IOException e) {
      throw unreachable(connection, name, e);
    }
    return find(connection, name)
        .orElseThrow(
            () ->
                new LatticeException(
                    LatticeException.Kind.NO_JETSTREAM, "bucket " + name + ": gone again"));
  }

  private static boolean raise(LatticeConnection connection, String name)
      throws IOException, JetStreamApiException {
    Replicas.raise(connection, "KV_" + name);
    return true;
  }

  /** Opens a bucket only if it is there. */
  public static Optional<Bucket> find(LatticeConnection connection, String name)
      throws InterruptedException {
    try {
      management(connection).getStatus(name);
      return Optional.of(
          new Bucket(
              connection, name, connection.nats().keyValue(name, connection.keyValueOptions())));
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NO_STREAM || e.getErrorCode() == 404) {
        return Optional.empty();
      }
      throw refused(name, e);
    } catch (IOException e) {
      throw unreachable(connection, name, e);
    }
  }

  private static KeyValueManagement management(LatticeConnection connection) throws IOException {
    return connection.nats().keyValueManagement(connection.keyValueOptions());
  }

  /** The bucket's name. */
  public String name() {
    return name;
  }

  KeyValue values() {
    return values;
  }

  LatticeConnection connection() {
    return connection;
  }

  /**
   * Whether a message of one of our exceptions says that a bucket cannot be used just now, as while
   * its stream has no leader. Hosts hand such messages on in their answers, as text.
   */
  public static boolean saysAway(String message) {
    return (message.contains(AT) && message.contains(SILENT))
        || message.contains("temporarily unavailable");
  }

  /** The number of the last change of any key. */
  public long revision() throws InterruptedException {
    return attempt(
        () ->
            management(connection)
                .getStatus(name)
                .getBackingStreamInfo()
                .getStreamState()
                .getLastSequence());
  }

  /** The value of a key. */
  public Optional<Versioned<byte[]>> get(String key) throws InterruptedException {
    return attempt(() -> Optional.ofNullable(values.get(key)).map(Bucket::versioned));
  }

  private static Versioned<byte[]> versioned(KeyValueEntry entry) {
    byte[] value = entry.getValue();
    return new Versioned<>(value == null ? new byte[0] : value, entry.getRevision());
  }

  /** All keys that have a value. */
  public List<String> keys() throws InterruptedException {
    return attempt(() -> List.copyOf(values.keys()));
  }

  /** All keys with their values, read in one pass. */
  public Map<String, Versioned<byte[]>> entries() throws InterruptedException {
    return BucketWatch.snapshot(this);
  }

  /** Writes whatever was there before; the new revision. */
  public long put(String key, byte[] value) throws InterruptedException {
    return attempt(() -> values.put(key, value));
  }

  /** Writes only if the key has no value; empty when it has. */
  public OptionalLong create(String key, byte[] value) throws InterruptedException {
    return conditional(() -> values.create(key, value));
  }

  /** Writes only if the last revision of the key is {@code expected}; empty when it is not. */
  public OptionalLong update(String key, byte[] value, long expected) throws InterruptedException {
    return conditional(() -> values.update(key, value, expected));
  }

  /** Deletes, leaving a marker. */
  public void delete(String key) throws InterruptedException {
    attempt(
        () -> {
          values.delete(key);
          return true;
        });
  }

  /** Deletes only if the last revision is {@code expected}; whether it was. */
  public boolean delete(String key, long expected) throws InterruptedException {
    return conditional(
            () -> {
              values.delete(key, expected);
              return 0L;
            })
        .isPresent();
  }

  /** Deletes with all history, leaving a marker. */
  public void purge(String key) throws InterruptedException {
    attempt(
        () -> {
          values.purge(key);
          return true;
        });
  }

  /**
   * Deletes with all history, and leaves a marker that says something: other clients take it for
   * any marker.
   *
   * @return the marker's revision
   */
  public long purge(String key, byte[] marker) throws InterruptedException {
    Headers headers = new Headers().put("KV-Operation", "PURGE").put("Nats-Rollup", "sub");
    String domain = connection.options().jetStreamDomain();
    String prefix = domain == null ? "" : "$JS." + domain + ".API.";
    return attempt(
        () ->
            connection
                .nats()
                .jetStream(connection.jetStreamOptions())
                .publish(prefix + "$KV." + name + "." + key, headers, marker)
                .getSeqno());
  }

  /**
   * Reads, changes and writes a key, again when somebody else wrote in between.
   *
   * @param change from what is there to what shall be there; empty leaves it as it is. It may be
   *     called several times
   * @return what is there afterwards, empty when there is nothing
   * @throws LatticeException of kind CONFLICT when others always wrote first
   */
  public Optional<Versioned<byte[]>> modify(
      String key, Function<Optional<byte[]>, Optional<byte[]>> change) throws InterruptedException {
    Retry retry = new Retry("key " + key + " of bucket " + name);
    while (true) {
      Optional<Versioned<byte[]>> before = get(key);
      Optional<byte[]> after = change.apply(before.map(Versioned::value));
      if (after.isEmpty()) {
        return before;
      }
      OptionalLong revision =
          before.isPresent()
              ? update(key, after.get(), before.get().revision())
              : create(key, after.get());
      if (revision.isPresent()) {
        return Optional.of(new Versioned<>(after.get(), revision.getAsLong()));
      }
      retry.pause();
    }
  }

  /**
   * Tells what is there and then every change, in order, on a thread of its own; goes on after a
   * lost connection.
   *
   * @param keys a key, or {@code >} for all
   */
  public Subscription watch(String keys, BucketListener listener) throws InterruptedException {
    return BucketWatch.start(this, keys, listener);
  }

  /** What may fail in the client library's way. */
  interface Operation<T> {
    T run() throws IOException, JetStreamApiException, InterruptedException;
  }

  <T> T attempt(Operation<T> operation) throws InterruptedException {
    try {
      return operation.run();
    } catch (JetStreamApiException e) {
      throw refused(name, e);
    } catch (IOException e) {
      throw unreachable(connection, name, e);
    } catch (IllegalStateException e) {
      throw unreachable(connection, name, new IOException(e));
    }
  }

  private OptionalLong conditional(Operation<Long> write) throws InterruptedException {
    return attempt(
        () -> {
          try {
            return OptionalLong.of(write.run());
          } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == WRONG_REVISION
                || e.getApiErrorCode() == WRONG_REVISION_IN_CLUSTER) {
              return OptionalLong.empty();
            }
            throw e;
          }
        });
  }

  private static LatticeException refused(String bucket, JetStreamApiException e) {
    return new LatticeException(
        LatticeException.Kind.NO_JETSTREAM,
        "bucket " + bucket + ": JetStream says: " + e.getMessage(),
        e);
  }

  private static LatticeException unreachable(
      LatticeConnection connection, String bucket, IOException e) {
    return new LatticeException(
        LatticeException.Kind.UNREACHABLE,
        "bucket "
            + bucket
            + AT
            + connection.options().url()
            + SILENT
            + e.getMessage()
            + "): is the server there, and does it run with -js?",
        e);
  }

  @Override
  public String toString() {
    return "bucket " + name;
  }
}
