package io.wattle.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace that stands for a machine: it has an address and a loopback of its own, and
 * shares files and processes with the rest.
 *
 * @param namespace as {@code ip netns} names it
 * @param address its IPv4 address; the test's own JVM reaches it too
 * @param cable the end of its cable at the switch
 */
record Machine(String namespace, String address, String switchNamespace, String cable) {
  /** The command that does {@code command} there; the process that is started becomes it. */
  List<String> command(List<String> command) {
    List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    there.addAll(command);
    return there;
  }

  /** Cuts it off: from now on nothing arrives, in silence, and no connection is told. */
  void cut() throws IOException, InterruptedException {
    Ip.run("-n " + switchNamespace + " link set " + cable + " nomaster");
  }

  /** Lets it in again. */
  void heal() throws IOException, InterruptedException {
    Ip.run("-n " + switchNamespace + " link set " + cable + " master " + Namespaces.BRIDGE);
  }

  @Override
  public String toString() {
    return address + " (" + namespace + ")";
  }
}
