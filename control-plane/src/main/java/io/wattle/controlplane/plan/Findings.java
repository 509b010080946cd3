package io.wattle.controlplane.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is found about one part of an application; the worst decides its status. */
final class Findings {
  private final Set<String> failures = new LinkedHashSet<>();
  private final Set<String> waits = new LinkedHashSet<>();
  private final Set<String> conditions = new LinkedHashSet<>();
  private final Set<String> remarks = new LinkedHashSet<>();
  private @Nullable String work;

  void failure(String text) {
    failures.add(text);
  }

  /** No host has the labels; wadm's sentence, and which label it is. */
  void noHost(DesiredItem.Workload workload, Share share, List<ObservedHost> hosts) {
    String sentence =
        switch (workload.scaler()) {
          case SPREAD -> "Could not satisfy spread %s for %s, 0/1 eligible hosts found. %s";
          case DAEMON -> "Could not satisfy daemonscaler %s for %s, 0 eligible hosts found. %s";
        };
    failure(sentence.formatted(share.name(), workload.image(), share.missing(hosts)));
  }

  void failureOn(ObservedHost host, @Nullable String error) {
    if (error != null) {
      failures.add("host " + host.label() + ": " + error);
    }
  }

  void waitFor(String text) {
    waits.add(text);
  }

  void condition(ObservedHost host, String text) {
    conditions.add("host " + host.label() + ": " + text);
  }

  /** Worth a word, but no fault: it does what it was deployed for. */
  void remark(ObservedHost host, String text) {
    remarks.add("host " + host.label() + ": " + text);
  }

  void remark(String text) {
    remarks.add(text);
  }

  void work(String text) {
    work = text;
  }

  StatusType type() {
    if (!failures.isEmpty()) {
      return StatusType.FAILED;
    }
    if (!waits.isEmpty()) {
      return StatusType.WAITING;
    }
    if (work != null) {
      return StatusType.RECONCILING;
    }
    return conditions.isEmpty() ? StatusType.DEPLOYED : StatusType.UNHEALTHY;
  }

  String message() {
    Set<String> all = new LinkedHashSet<>(failures);
    all.addAll(waits);
    if (all.isEmpty() && work != null) {
      all.add(work);
    }
    all.addAll(conditions);
    all.addAll(remarks);
    return String.join("; ", all);
  }
}
