package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import java.util.List;

/** One part of an application that has a status of its own. */
public sealed interface DesiredItem {
  /** Identifies the scaler, as wadm computes it. */
  String scalerId();

  /** The name in the status: the id, or source and target of a link. */
  String name();

  /** What runs. */
  enum WorkloadType {
    COMPONENT,
    PROVIDER
  }

  /** How instances are counted. */
  enum ScalerType {
    SPREAD("SpreadScaler"),
    DAEMON("DaemonScaler");

    private final String wire;

    ScalerType(String wire) {
      this.wire = wire;
    }

    String wire() {
      return wire;
    }
  }

  /**
   * A component or provider.
   *
   * @param id its id on the lattice
   * @param configs names of the configurations it is started with
   */
  record Workload(
      WorkloadType type,
      ScalerType scaler,
      String scalerId,
      String id,
      String image,
      List<String> configs,
      List<Share> shares)
      implements DesiredItem {
    public Workload {
      configs = List.copyOf(configs);
      shares = List.copyOf(shares);
    }

    @Override
    public String name() {
      return id;
    }
  }

  /** A link. */
  record Wire(String scalerId, Link link) implements DesiredItem {
    @Override
    public String name() {
      return "%s -(%s)-> %s".formatted(link.sourceId(), link.packageName(), link.target());
    }
  }

  /**
   * A part nothing is done for, and why.
   *
   * @param kind as in the status, such as {@code SpreadScaler}
   */
  record Idle(String scalerId, String kind, String name, StatusType status, String message)
      implements DesiredItem {}
}
