package io.wattle.cli.up;

import io.micrometer.core.instrument.MeterRegistry;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.connect.Failures;
import io.wattle.controlplane.ControlPlane;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import java.time.InstantSource;

/** The control plane, in this JVM. */
record ControlPlanePart(ControlPlane controlPlane) implements AutoCloseable {
  static ControlPlanePart start(LatticeOptions lattice, MeterRegistry metrics)
      throws CommandException, InterruptedException {
    try {
      return new ControlPlanePart(
          ControlPlane.start(
              lattice.withConnectionName("wattle control plane"), metrics, InstantSource.system()));
    } catch (LatticeException e) {
      throw Failures.of(e);
    }
  }

  @Override
  public void close() {
    controlPlane.close();
  }
}
