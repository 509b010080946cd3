package io.wattle.controlplane.reconcile;

import io.wattle.controlplane.plan.Applications;
import io.wattle.controlplane.plan.Desired;
import io.wattle.controlplane.plan.DesiredApp;
import io.wattle.controlplane.store.AppRecord;
import io.wattle.controlplane.store.AppStore;
import io.wattle.lattice.LatticeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What users want of one lattice, as the store's watch tells it. */
final class DesiredState {
  private static final Logger LOG = LoggerFactory.getLogger(DesiredState.class);

  private final String lattice;
  private final AppStore store;
  private final Map<String, AppRecord> records = new ConcurrentHashMap<>();

  DesiredState(String lattice, AppStore store) {
    this.lattice = lattice;
    this.store = store;
  }

  void record(String name, @Nullable AppRecord record) {
    if (record == null) {
      records.remove(name);
    } else {
      records.put(name, record);
    }
  }

  @Nullable AppRecord record(String name) {
    return records.get(name);
  }

  /** Whether any application was ever deployed: else there is nothing to look after. */
  boolean isEmpty() {
    return records.values().stream().noneMatch(r -> r.deployment() > 0);
  }

  Desired read() throws InterruptedException {
    List<DesiredApp> apps = new ArrayList<>();
    for (AppRecord record : records.values()) {
      if (record.deployment() > 0) {
        app(record).ifPresent(apps::add);
      }
    }
    return new Desired(apps);
  }

  private Optional<DesiredApp> app(AppRecord record) throws InterruptedException {
    String deployed = record.deployed();
    if (deployed == null) {
      return Optional.of(DesiredApp.gone(record.name(), record.deployment(), record.leftovers()));
    }
    try {
      AppRecord.Version version = record.version(deployed).orElse(null);
      return version == null
          ? Optional.empty()
          : Optional.of(
              Applications.of(
                  store.manifest(lattice, record.name(), version).manifest(),
                  deployed,
                  record.deployment(),
                  record.leftovers()));
    } catch (LatticeException e) {
      if (e.kind() == LatticeException.Kind.UNREACHABLE) {
        throw e;
      }
      // Left alone, neither changed nor removed, until its manifest can be read.
      LOG.warn("application {} is left as it is: {}", record.name(), e.getMessage());
      return Optional.empty();
    }
  }
}
