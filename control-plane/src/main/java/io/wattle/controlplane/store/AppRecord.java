package io.wattle.controlplane.store;

import io.wattle.controlplane.plan.DesiredApp.Leftovers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an application besides its manifests.
 *
 * @param versions in the order in which they were put
 * @param deployed the version that shall run, null for none
 * @param deployment counts deploys and undeploys; 0 was never deployed
 * @param leftovers configs and links of earlier deployments that may still be on the lattice
 * @param deletedAt when the application was deleted; its record stays until nothing of it can come
 *     back
 */
public record AppRecord(
    String name,
    List<Version> versions,
    @Nullable String deployed,
    long deployment,
    Leftovers leftovers,
    @Nullable Instant deletedAt) {
  /**
   * A version of a manifest.
   *
   * @param revision part of the key under which the manifest is
   * @param digest SHA-256 of its canonical JSON
   */
  public record Version(
      String version,
      String revision,
      String digest,
      Instant putAt,
      @Nullable String description) {}

  public AppRecord {
    versions = List.copyOf(versions);
    leftovers = leftovers == null ? Leftovers.NONE : leftovers;
  }

  static AppRecord empty(String name) {
    return new AppRecord(name, List.of(), null, 0, Leftovers.NONE, null);
  }

  /** Whether the application is there for users; a deleted one only waits for the lattice. */
  public boolean exists() {
    return !versions.isEmpty();
  }

  /** The version of that name. */
  public Optional<Version> version(String wanted) {
    return versions.stream().filter(v -> v.version().equals(wanted)).findFirst();
  }

  /** The version put last. */
  public Optional<Version> newest() {
    return exists() ? Optional.of(versions.getLast()) : Optional.empty();
  }

  AppRecord with(Version added) {
    List<Version> more = new ArrayList<>(versions);
    more.add(added);
    return new AppRecord(name, more, deployed, deployment, leftovers, null);
  }

  AppRecord withoutVersion(String version) {
    return new AppRecord(
        name,
        versions.stream().filter(v -> !v.version().equals(version)).toList(),
        deployed,
        deployment,
        leftovers,
        deletedAt);
  }

  AppRecord deployed(@Nullable String version, Leftovers left) {
    return new AppRecord(name, versions, version, deployment + 1, left, deletedAt);
  }

  AppRecord deletedAt(Instant time) {
    return new AppRecord(name, List.of(), deployed, deployment, leftovers, time);
  }

  AppRecord withLeftovers(Leftovers left) {
    return new AppRecord(name, versions, deployed, deployment, left, deletedAt);
  }
}
