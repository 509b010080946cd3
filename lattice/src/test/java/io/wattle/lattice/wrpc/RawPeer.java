package io.wattle.lattice.wrpc;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.wattle.lattice.LatticeConnection;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The other end of a call, spoken by hand with the bare client library. */
final class RawPeer {
  private static final Duration SOON = Duration.ofSeconds(90);

  private final Connection nats;
  private final Subscription subscription;

  private RawPeer(Connection nats, Subscription subscription) {
    this.nats = nats;
    this.subscription = subscription;
  }

  static RawPeer at(LatticeConnection connection, String subject) throws InterruptedException {
    Subscription subscription = connection.nats().subscribe(subject);
    connection.flush(SOON);
    return new RawPeer(connection.nats(), subscription);
  }

  Message next() throws InterruptedException {
    Message message = subscription.nextMessage(SOON);
    if (message == null) {
      throw new AssertionError("no message on " + subscription.getSubject());
    }
    return message;
  }

  /** The next message, as {@code subject-after-the-given-prefix hex}. */
  String next(String prefix) throws InterruptedException {
    Message message = next();
    String subject = message.getSubject();
    String shown = subject.startsWith(prefix) ? subject.substring(prefix.length()) : subject;
    return (shown + " " + HexFormat.of().formatHex(message.getData())).strip();
  }

  boolean silent() throws InterruptedException {
    return subscription.nextMessage(Duration.ofMillis(200)) == null;
  }

  void publish(String subject, @Nullable String replyTo, String hex) {
    publish(subject, replyTo, null, hex);
  }

  void publish(String subject, @Nullable String replyTo, @Nullable Headers headers, String hex) {
    nats.publish(subject, replyTo, headers, HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
