package io.wattle.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * Several machines on one: network namespaces with addresses of their own, cabled to one switch,
 * which is a bridge in a namespace too. Names carry the process id of the test's JVM, so that what
 * a killed one left is found and removed by the next. Addresses are from 198.18.0.0/15, which is
 * set aside for tests of networks (RFC 2544). Needs Linux, root and {@code ip}.
 */
final class Namespaces implements AutoCloseable {
  /** The bridge inside the switch's namespace. */
  static final String BRIDGE = "bridge";

  static final String PREFIX = "wattle-";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int OURS = 254;
  private static final int TRIES = 200;

  private final String token;
  private final String network;
  private final String uplink;
  private final List<Machine> machines = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread atExit = new Thread(this::remove, "remove-namespaces");

  private Namespaces(String token, String network) {
    this.token = token;
    this.network = network;
    this.uplink = "w" + token;
  }

  /** Skips the test, aloud, where there can be no namespaces. */
  static void assumeAvailable() throws InterruptedException {
    try (Namespaces probe = create(1)) {
      Ip.run("netns exec " + probe.machine(1).namespace() + " ip link");
    } catch (IOException e) {
      String why = "SKIPPED: needs root and Debian's iproute2 for machines of its own: " + e;
      System.out.println(why);
      Assumptions.abort(why);
    }
  }

  /** Makes machines that reach one another, and are reached from here. */
  static Namespaces create(int count) throws IOException, InterruptedException {
    Path lock = Path.of(System.getProperty("java.io.tmpdir"), "wattle-namespaces.lock");
    synchronized (Namespaces.class) {
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        Leftovers.sweep();
        Namespaces namespaces =
            new Namespaces(
                ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet(), freeNetwork(held));
        namespaces.build(count);
        return namespaces;
      }
    }
  }

  /** A machine, numbered from 1. */
  Machine machine(int number) {
    return machines.get(number - 1);
  }

  /** All of them. */
  List<Machine> machines() {
    return List.copyOf(machines);
  }

  /** The address of the test's own JVM in their network. */
  String ourAddress() {
    return network + OURS;
  }

  private void build(int count) throws IOException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      Ip.run("netns add " + switchNamespace());
      Ip.run("-n " + switchNamespace() + " link add " + BRIDGE + " type bridge");
      Ip.run("-n " + switchNamespace() + " link set " + BRIDGE + " up");
      Ip.run("link add " + uplink + " type veth peer name uplink netns " + switchNamespace());
      plugIn("uplink");
      Ip.run("address add " + ourAddress() + "/24 dev " + uplink);
      Ip.run("link set " + uplink + " up");
      for (int number = 1; number <= count; number++) {
        machines.add(addMachine(number));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Machine addMachine(int number) throws IOException, InterruptedException {
    Machine machine =
        new Machine(
            PREFIX + token + "-" + number, network + number, switchNamespace(), "m" + number);
    String there = "-n " + machine.namespace();
    Ip.run("netns add " + machine.namespace());
    Ip.run(there + " link set lo up");
    Ip.run(
        there
            + " link add eth0 type veth peer name "
            + machine.cable()
            + " netns "
            + switchNamespace());
    plugIn(machine.cable());
    Ip.run(there + " address add " + machine.address() + "/24 dev eth0");
    Ip.run(there + " link set eth0 up");
    return machine;
  }

  private void plugIn(String cable) throws IOException, InterruptedException {
    Ip.run("-n " + switchNamespace() + " link set " + cable + " master " + BRIDGE);
    Ip.run("-n " + switchNamespace() + " link set " + cable + " up");
  }

  private String switchNamespace() {
    return PREFIX + token + "-s";
  }

  /** A network that no interface of this machine is in; the lock keeps it so until it is taken. */
  private static String freeNetwork(FileLock held) throws IOException {
    Set<String> taken = new HashSet<>();
    for (NetworkInterface link : NetworkInterface.networkInterfaces().toList()) {
      for (InterfaceAddress address : link.getInterfaceAddresses()) {
        taken.add(networkOf(address.getAddress()));
      }
    }
    for (int tried = 0; tried < TRIES && held.isValid(); tried++) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      String candidate = "198." + random.nextInt(18, 20) + "." + random.nextInt(256) + ".";
      if (!taken.contains(candidate)) {
        return candidate;
      }
    }
    throw new IOException("no free network in 198.18.0.0/15");
  }

  private static String networkOf(InetAddress address) {
    String text = address.getHostAddress();
    return text.substring(0, text.lastIndexOf('.') + 1);
  }

  private void remove() {
    if (closed.compareAndSet(false, true)) {
      Leftovers.remove(PREFIX + token + "-");
      Leftovers.removeLink(uplink);
    }
  }

  /** Kills what still runs in them and removes them. */
  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // the JVM ends already, and the hook runs
    }
  }
}
