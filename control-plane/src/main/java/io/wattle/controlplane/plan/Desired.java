package io.wattle.controlplane.plan;

import java.util.List;

/** All applications of a lattice that are deployed or still being removed, by name. */
public record Desired(List<DesiredApp> apps) {
  public Desired {
    apps = List.copyOf(apps);
  }
}
