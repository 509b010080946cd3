package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import java.time.Duration;
import java.util.Set;

/** Finds the file that a component of the lattice runs from. */
public final class RunningImage {
  private static final String FILE = "file://";
  private static final Duration QUIET = Duration.ofMillis(150);

  private RunningImage() {}

  /**
   * The file of the component's image, where it runs from one.
   *
   * @param window how long hosts have to answer
   * @param known hosts that are there
   */
  public static String file(
      LatticeConnection lattice, String id, Duration window, Set<String> known)
      throws CommandException, InterruptedException {
    ControlClient control = new ControlClient(lattice);
    for (HostInfo host : control.pingHosts(window, known, QUIET)) {
      for (ComponentDescription component : control.inventory(host.id()).components()) {
        if (component.id().equals(id)) {
          if (component.imageRef().startsWith(FILE)) {
            return component.imageRef();
          }
          throw CommandException.failed(
                  id + " runs from " + component.imageRef() + ", which is no file here")
              .hint("Name a component file with its types: --wit FILE.");
        }
      }
    }
    throw CommandException.notFound("component " + id + " does not run on any host")
        .hint("`wattle get inventory` shows what runs.");
  }
}
