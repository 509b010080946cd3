package io.wattle.controlplane.plan;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Puts an application's configurations, and tells who has to wait for which. */
final class ConfigPlanner {
  private final DesiredApp app;
  private final Steps steps;
  private final Map<String, String> missing = new TreeMap<>();

  ConfigPlanner(DesiredApp app, Steps steps) {
    this.app = app;
    this.steps = steps;
  }

  void put() {
    new TreeMap<>(app.configs())
        .forEach(
            (name, values) -> {
              if (!values.equals(steps.observed().configs().get(name))) {
                String error =
                    steps.observed().hosts().isEmpty()
                        ? null
                        : steps.take(new Action.PutConfig(app.name(), name, values));
                missing.put(name, error == null ? "" : error);
              }
            });
  }

  /**
   * Whether all of these are there as wanted; what is wrong with the others goes to the findings.
   */
  boolean ready(Collection<String> names, Findings findings) {
    boolean ready = true;
    for (String name : names) {
      String error = missing.get(name);
      if (error != null) {
        ready = false;
        if (error.isEmpty()) {
          findings.work("Configuration out of sync: putting " + name);
        } else {
          findings.failure("configuration " + name + ": " + error);
        }
      } else if (!app.configs().containsKey(name)
          && !steps.observed().configs().containsKey(name)) {
        ready = false;
        findings.failure("Specified configuration " + name + " does not exist");
      }
    }
    return ready;
  }
}
