package io.wattle.chaos;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on. They are below those that Linux takes for outgoing connections
 * (32768 and above), or a connection that is made in between might have one of them; none is given
 * out twice.
 */
final class Ports {
  private static final int FIRST = 10_000;
  private static final int LAST = 32_000;

  private static int next = ThreadLocalRandom.current().nextInt(FIRST, LAST);

  private Ports() {}

  static int free() throws IOException {
    return free(1).getFirst();
  }

  /** Different ones. */
  static synchronized List<Integer> free(int count) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int tried = FIRST; tried < LAST && ports.size() < count; tried++) {
      next = next + 1 < LAST ? next + 1 : FIRST;
      if (isFree(next)) {
        ports.add(next);
      }
    }
    if (ports.size() < count) {
      throw new IOException("no " + count + " free ports from " + FIRST + " to " + LAST);
    }
    return ports;
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    }
  }
}
