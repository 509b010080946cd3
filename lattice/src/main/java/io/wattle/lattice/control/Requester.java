package io.wattle.lattice.control;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.wattle.lattice.LatticeConnection;

/**
 * Who asks: a header of our own that other hosts ignore. Nothing proves it; it is for people who
 * want to know whom to ask.
 */
final class Requester {
  private static final String HEADER = "wattle-by";
  private static final String UNKNOWN = "somebody who did not say";
  private static final int LONGEST = 100;

  private Requester() {}

  /** The user of this process, and what part of Wattle it is. */
  static Headers headers(LatticeConnection connection) {
    String who =
        System.getProperty("user.name", "?") + " (" + connection.options().connectionName() + ")";
    return new Headers().put(HEADER, clean(who));
  }

  static String of(Message message) {
    Headers headers = message.getHeaders();
    String who = headers == null ? null : headers.getFirst(HEADER);
    return who == null || who.isBlank() ? UNKNOWN : clean(who);
  }

  private static String clean(String who) {
    String printable = who.replaceAll("[^\\x20-\\x7e]", "?").strip();
    return printable.length() > LONGEST ? printable.substring(0, LONGEST) : printable;
  }
}
