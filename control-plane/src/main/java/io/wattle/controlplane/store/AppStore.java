package io.wattle.controlplane.store;

import io.wattle.controlplane.plan.Applications;
import io.wattle.controlplane.plan.DesiredApp.Leftovers;
import io.wattle.controlplane.plan.LinkId;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.kv.Bucket;
import io.wattle.lattice.kv.BucketListener;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.kv.Versioned;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The applications of all lattices. A process may be killed between any two writes: a manifest is
 * written before the record that names it, so at worst nobody names it. Safe for many threads and
 * many processes.
 */
public final class AppStore {
  private static final int TRIES = 50;
  private static final int CACHED = 500;

  private final Bucket bucket;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, StoredManifest> manifests = new ConcurrentHashMap<>();

  private AppStore(Bucket bucket, InstantSource clock) {
    this.bucket = bucket;
    this.clock = clock;
  }

  /**
   * Opens the store, makes it when it is not there.
   *
   * @throws LatticeException when JetStream cannot be used
   */
  public static AppStore open(LatticeConnection connection, InstantSource clock)
      throws InterruptedException {
    return new AppStore(Bucket.open(connection, Keys.BUCKET, BucketOptions.DEFAULT), clock);
  }

  /** What became of a put. */
  public sealed interface Put {
    /**
     * It is there.
     *
     * @param before the newest version before, empty when there was none
     * @param version its version, made up when the manifest names none
     * @param versions how many there are now
     */
    record Stored(String before, String version, int versions) implements Put {}

    /** There is this version with another content. */
    record VersionExists(String version) implements Put {}
  }

  /**
   * Stores a manifest as a new version; one that is there with the same content is left as it is.
   */
  public Put put(String lattice, StoredManifest manifest) throws InterruptedException {
    String name = manifest.manifest().name();
    String revision = Ulid.at(clock.instant());
    String given = manifest.manifest().version();
    String version = given == null || given.isEmpty() ? revision : given;
    if (!version.equals(given)) {
      // The parser has put the object of annotations there.
      manifest.document().withObject("/metadata/annotations").put("version", version);
    }
    AppRecord.Version added =
        new AppRecord.Version(
            version,
            revision,
            manifest.digest(),
            clock.instant(),
            manifest.manifest().description());
    boolean[] written = new boolean[1];
    return change(
        lattice,
        name,
        found -> {
          AppRecord record = found.orElseGet(() -> AppRecord.empty(name));
          String before = record.newest().map(AppRecord.Version::version).orElse("");
          AppRecord.Version same = record.version(version).orElse(null);
          if (same != null) {
            return Change.nothing(
                same.digest().equals(added.digest())
                    ? new Put.Stored(before, version, record.versions().size())
                    : new Put.VersionExists(version));
          }
          if (!written[0]) {
            bucket.put(Keys.revision(lattice, name, revision), manifest.bytes());
            written[0] = true;
          }
          AppRecord after = record.with(added);
          return Change.to(after, new Put.Stored(before, version, after.versions().size()));
        });
  }

  /** The application's record, also when it is deleted but not gone. */
  public Optional<AppRecord> app(String lattice, String name) throws InterruptedException {
    return bucket.get(Keys.app(lattice, name)).map(v -> record(v.value()));
  }

  /** All records of a lattice, by name. */
  public List<AppRecord> apps(String lattice) throws InterruptedException {
    List<AppRecord> records = new ArrayList<>();
    for (String key : bucket.keys().stream().sorted().toList()) {
      if (Keys.parse(key).filter(app -> app.lattice().equals(lattice)).isPresent()) {
        bucket.get(key).ifPresent(v -> records.add(record(v.value())));
      }
    }
    records.sort(java.util.Comparator.comparing(AppRecord::name));
    return List.copyOf(records);
  }

  /** The manifest of a version. */
  public StoredManifest manifest(String lattice, String name, AppRecord.Version version)
      throws InterruptedException {
    String key = Keys.revision(lattice, name, version.revision());
    StoredManifest cached = manifests.get(key);
    if (cached != null) {
      return cached;
    }
    StoredManifest read =
        bucket
            .get(key)
            .map(v -> StoredManifest.read(v.value()))
            .orElseThrow(
                () ->
                    new LatticeException(
                        LatticeException.Kind.CONFLICT,
                        "version %s of %s was just deleted".formatted(version.version(), name)));
    if (manifests.size() >= CACHED) {
      manifests.clear();
    }
    manifests.put(key, read);
    return read;
  }

  /**
   * Makes a version the deployed one, or none when it is null. What the one before had put is
   * remembered, so that it can be removed.
   *
   * @return the record afterwards; empty when there is no such application or version
   */
  public Optional<AppRecord> deploy(String lattice, String name, @Nullable String version)
      throws InterruptedException {
    return change(
        lattice,
        name,
        found -> {
          AppRecord record = found.orElse(null);
          if (record == null
              || (version != null && record.version(version).isEmpty())
              || (version == null && !record.exists())) {
            return Change.nothing(Optional.empty());
          }
          if (version == null && record.deployed() == null) {
            return Change.nothing(Optional.of(record));
          }
          AppRecord after = record.deployed(version, left(lattice, record, version));
          return Change.to(after, Optional.of(after));
        });
  }

  /** What earlier deployments put, less what this version puts. */
  private Leftovers left(String lattice, AppRecord record, @Nullable String next)
      throws InterruptedException {
    Set<String> configs = new HashSet<>(record.leftovers().configs());
    Set<LinkId> links = new HashSet<>(record.leftovers().links());
    if (record.deployed() != null) {
      Leftovers before = owned(lattice, record, record.deployed());
      configs.addAll(before.configs());
      links.addAll(before.links());
    }
    if (next != null) {
      Leftovers after = owned(lattice, record, next);
      configs.removeAll(after.configs());
      links.removeAll(after.links());
    }
    return new Leftovers(configs, links);
  }

  private Leftovers owned(String lattice, AppRecord record, String version)
      throws InterruptedException {
    AppRecord.Version found = record.version(version).orElse(null);
    return found == null
        ? Leftovers.NONE
        : Applications.owned(manifest(lattice, record.name(), found).manifest());
  }

  /** What became of a delete. */
  public sealed interface Delete {
    /**
     * It is gone.
     *
     * @param last whether the application is gone with it
     * @param undeployed whether it was deployed
     */
    record Deleted(boolean last, boolean undeployed) implements Delete {}

    /** There is no such application. */
    record NoApp() implements Delete {}

    /** There is no such version. */
    record NoVersion() implements Delete {}
  }

  /** Deletes a version, or all when it is null; a deployed one is undeployed by that. */
  public Delete delete(String lattice, String name, @Nullable String version)
      throws InterruptedException {
    List<AppRecord.Version> gone = new ArrayList<>();
    Delete result =
        change(
            lattice,
            name,
            found -> {
              gone.clear();
              AppRecord record = found.orElse(null);
              if (record == null || !record.exists()) {
                return Change.nothing(new Delete.NoApp());
              }
              if (version != null && record.version(version).isEmpty()) {
                return Change.nothing(new Delete.NoVersion());
              }
              boolean all = version == null || record.versions().size() == 1;
              boolean undeploy =
                  record.deployed() != null && (all || record.deployed().equals(version));
              AppRecord after =
                  undeploy ? record.deployed(null, left(lattice, record, null)) : record;
              if (all) {
                gone.addAll(record.versions());
                after = after.deletedAt(clock.instant());
              } else if (version != null) {
                record.version(version).ifPresent(gone::add);
                after = after.withoutVersion(version);
              }
              return Change.to(after, new Delete.Deleted(all, undeploy));
            });
    for (AppRecord.Version v : gone) {
      bucket.purge(Keys.revision(lattice, name, v.revision()));
    }
    return result;
  }

  /**
   * Forgets leftovers that were seen to be gone, unless the application was deployed or undeployed
   * since.
   */
  public void settled(String lattice, String name, long deployment) throws InterruptedException {
    change(
        lattice,
        name,
        found ->
            found
                .filter(r -> r.deployment() == deployment && !r.leftovers().isEmpty())
                .map(r -> Change.to(r.withLeftovers(Leftovers.NONE), true))
                .orElseGet(() -> Change.nothing(false)));
  }

  /** Removes the record of a deleted application, unless somebody put it again. */
  public void forget(String lattice, String name) throws InterruptedException {
    Optional<Versioned<byte[]>> found = bucket.get(Keys.app(lattice, name));
    if (found.isPresent() && !record(found.get().value()).exists()) {
      bucket.delete(Keys.app(lattice, name), found.get().revision());
    }
  }

  /** Hears of applications. */
  public interface Listener {
    /** An application's record as it is now; null when it is gone. */
    void app(String lattice, String name, @Nullable AppRecord record);

    /** What was there at the start has been told. */
    void current();
  }

  /** Tells what is there and every change, in order. */
  public Subscription watch(Listener listener) throws InterruptedException {
    return bucket.watch(
        Keys.ALL_APPS,
        new BucketListener() {
          @Override
          public void put(String key, byte[] value, long revision) {
            Keys.parse(key)
                .ifPresent(app -> listener.app(app.lattice(), app.name(), record(value)));
          }

          @Override
          public void deleted(String key, long revision) {
            Keys.parse(key).ifPresent(app -> listener.app(app.lattice(), app.name(), null));
          }

          @Override
          public void current() {
            listener.current();
          }
        });
  }

  private static AppRecord record(byte[] json) {
    return Json.read(json, AppRecord.class, "an application's record");
  }

  /** A record to write, null to leave it, and what to tell the caller. */
  private record Change<T>(@Nullable AppRecord record, T result) {
    static <T> Change<T> to(AppRecord record, T result) {
      return new Change<>(record, result);
    }

    static <T> Change<T> nothing(T result) {
      return new Change<>(null, result);
    }
  }

  private interface Step<T> {
    Change<T> apply(Optional<AppRecord> found) throws InterruptedException;
  }

  private <T> T change(String lattice, String name, Step<T> step) throws InterruptedException {
    String key = Keys.app(lattice, name);
    for (int i = 0; i < TRIES; i++) {
      Optional<Versioned<byte[]>> found = bucket.get(key);
      Change<T> change = step.apply(found.map(v -> record(v.value())));
      if (change.record() == null) {
        return change.result();
      }
      byte[] json = Json.write(change.record());
      OptionalLong written =
          found.isPresent()
              ? bucket.update(key, json, found.get().revision())
              : bucket.create(key, json);
      if (written.isPresent()) {
        return change.result();
      }
    }
    throw new LatticeException(
        LatticeException.Kind.CONFLICT,
        "application " + name + ": others wrote first " + TRIES + " times");
  }
}
