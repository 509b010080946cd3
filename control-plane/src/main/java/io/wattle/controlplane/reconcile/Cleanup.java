package io.wattle.controlplane.reconcile;

import io.wattle.controlplane.plan.AppStatus;
import io.wattle.controlplane.store.AppRecord;
import io.wattle.controlplane.store.AppStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Forgets what need not be remembered: which links and configs earlier deployments put, once they
 * have been gone for a while; and deleted applications, once no host can come back with their
 * components.
 */
final class Cleanup {
  private static final Duration SURE = Duration.ofSeconds(10);
  private static final Duration DELETED = Duration.ofHours(24);

  private record Clean(long deployment, Instant since) {}

  private final String lattice;
  private final AppStore store;
  private final Map<String, Clean> clean = new HashMap<>();

  Cleanup(String lattice, AppStore store) {
    this.lattice = lattice;
    this.store = store;
  }

  void after(List<AppStatus> statuses, DesiredState desired, Instant now)
      throws InterruptedException {
    for (AppStatus status : statuses) {
      Clean before = clean.get(status.app());
      if (!status.clean()) {
        clean.remove(status.app());
      } else if (before == null || before.deployment() != status.deployment()) {
        clean.put(status.app(), new Clean(status.deployment(), now));
      } else if (!now.isBefore(before.since().plus(SURE))) {
        forget(status, desired.record(status.app()), now);
      }
    }
  }

  private void forget(
      AppStatus status, @org.jspecify.annotations.Nullable AppRecord record, Instant now)
      throws InterruptedException {
    if (record == null) {
      return;
    }
    if (!record.leftovers().isEmpty()) {
      store.settled(lattice, status.app(), status.deployment());
    }
    Instant deletedAt = record.deletedAt();
    if (deletedAt != null && !now.isBefore(deletedAt.plus(DELETED))) {
      store.forget(lattice, status.app());
      clean.remove(status.app());
    }
  }
}
