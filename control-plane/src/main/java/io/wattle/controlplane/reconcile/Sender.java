package io.wattle.controlplane.reconcile;

import io.wattle.controlplane.plan.Action;
import io.wattle.controlplane.plan.LinkId;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.control.StartProvider;
import io.wattle.lattice.control.StopProvider;
import io.wattle.lattice.link.LinkKey;
import java.util.Map;

/**
 * Sends actions as commands of the control interface. What a host accepts has not happened yet;
 * events and looks tell.
 */
final class Sender {
  private static final String WHO = "the control plane";

  private final ControlClient control;
  private final StateWatch state;

  Sender(ControlClient control, StateWatch state) {
    this.control = control;
    this.state = state;
  }

  /**
   * Sends one action.
   *
   * @throws LatticeException when it was not accepted
   */
  void send(Action action) throws InterruptedException {
    switch (action) {
      case Action.PutConfig put -> control.putConfig(put.name(), put.values());
      case Action.DeleteConfig delete -> deleteConfig(delete.name());
      case Action.StartProvider start -> {
        StartProvider command =
            new StartProvider(
                start.id(),
                start.image(),
                start.hostId(),
                start.configs(),
                start.annotations(),
                Map.of());
        control.startProvider(start.hostId(), start.replace() ? command.replacing() : command);
      }
      case Action.StopProvider stop ->
          control.stopProvider(stop.hostId(), new StopProvider(stop.id(), stop.hostId()));
      case Action.ScaleComponent scale ->
          control.scale(
              scale.hostId(),
              new ScaleComponent(
                  scale.id(),
                  scale.image(),
                  scale.count(),
                  scale.annotations(),
                  null,
                  scale.hostId(),
                  scale.configs(),
                  scale.allowUpdate(),
                  Map.of()));
      case Action.PutLink put -> {
        if (put.replace()) {
          control.replaceLink(put.link());
        } else {
          control.putLink(put.link());
        }
      }
      case Action.DeleteLink delete -> deleteLink(delete.link());
    }
  }

  /**
   * Without any host nobody answers, and the last application could never be removed: then we do it
   * ourselves.
   */
  private void deleteConfig(String name) throws InterruptedException {
    try {
      control.deleteConfig(name);
    } catch (LatticeException e) {
      if (e.kind() != LatticeException.Kind.NO_RESPONDERS) {
        throw e;
      }
      state.configData().delete(name, WHO);
    }
  }

  private void deleteLink(LinkId link) throws InterruptedException {
    LinkKey key = new LinkKey(link.sourceId(), link.name(), link.witNamespace(), link.witPackage());
    try {
      control.deleteLink(key);
    } catch (LatticeException e) {
      if (e.kind() != LatticeException.Kind.NO_RESPONDERS) {
        throw e;
      }
      state.data().deleteLink(key, WHO);
    }
  }
}
