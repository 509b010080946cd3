package io.wattle.cli.lattice;

import io.wattle.cli.base.CommandException;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds hosts by what people call them, and by what runs on them. */
public final class Hosts {
  private static final Duration QUIET = Duration.ofMillis(150);

  private final ControlClient control;
  private final Duration window;
  private final Set<String> known;

  /**
   * Finds hosts.
   *
   * @param window how long hosts have to answer a ping
   * @param known ids of hosts that are there: with these the whole window is waited for no others
   */
  public Hosts(ControlClient control, Duration window, Set<String> known) {
    this.control = control;
    this.window = window;
    this.known = known;
  }

  /** All that answer, by friendly name. */
  public List<HostInfo> all() throws InterruptedException {
    List<HostInfo> hosts = new ArrayList<>(control.pingHosts(window, known, QUIET));
    hosts.sort(Comparator.comparing(HostInfo::friendlyName).thenComparing(HostInfo::id));
    return hosts;
  }

  /** The one host whose id starts with {@code name} or whose friendly name contains it. */
  public HostInfo one(String name) throws CommandException, InterruptedException {
    List<HostInfo> hosts = all();
    List<HostInfo> exact =
        hosts.stream()
            .filter(host -> host.id().equals(name) || host.friendlyName().equals(name))
            .toList();
    List<HostInfo> matching =
        exact.isEmpty() ? hosts.stream().filter(host -> matches(host, name)).toList() : exact;
    if (matching.isEmpty()) {
      throw CommandException.notFound("host: " + name + " (expected: one of " + names(hosts) + ")");
    }
    if (matching.size() > 1) {
      throw CommandException.usage(
          "host: " + name + " matches " + names(matching) + " (expected: one host)");
    }
    return matching.getFirst();
  }

  private static boolean matches(HostInfo host, String name) {
    return host.id().startsWith(name.toUpperCase(Locale.ROOT))
        || host.friendlyName().toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
  }

  private static String names(List<HostInfo> hosts) {
    return hosts.isEmpty()
        ? "none, for no host answered"
        : String.join(", ", hosts.stream().map(HostInfo::friendlyName).toList());
  }

  /** The inventories of all hosts that answer, by friendly name. */
  public List<HostInventory> inventories() throws InterruptedException {
    List<HostInventory> inventories = new ArrayList<>();
    for (HostInfo host : all()) {
      try {
        inventories.add(control.inventory(host.id()));
      } catch (LatticeException e) {
        if (e.kind() != LatticeException.Kind.NO_RESPONDERS) {
          throw e;
        } // it left between the two questions
      }
    }
    return inventories;
  }

  /**
   * The host of this name, on which {@code what} must run; without a name the one on which it runs.
   */
  HostInventory running(String what, Predicate<HostInventory> runs, @Nullable String host)
      throws CommandException, InterruptedException {
    if (host == null) {
      return running(what, runs);
    }
    HostInventory inventory = control.inventory(one(host).id());
    if (!runs.test(inventory)) {
      throw CommandException.notFound(what + " does not run on " + inventory.friendlyName());
    }
    return inventory;
  }

  /** The one host on which {@code what} runs. */
  HostInventory running(String what, Predicate<HostInventory> runs)
      throws CommandException, InterruptedException {
    List<HostInventory> hosts = inventories().stream().filter(runs).toList();
    if (hosts.isEmpty()) {
      throw CommandException.notFound(what + " does not run on any host")
          .hint("`wattle get inventory` shows what runs.");
    }
    if (hosts.size() > 1) {
      throw CommandException.usage(
              what
                  + " runs on "
                  + String.join(", ", hosts.stream().map(HostInventory::friendlyName).toList()))
          .hint("Say which one with --host-id.");
    }
    return hosts.getFirst();
  }
}
