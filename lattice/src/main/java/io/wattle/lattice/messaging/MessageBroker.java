package io.wattle.lattice.messaging;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import java.time.Duration;

/** What components send messages by: the interface {@code consumer}. */
public interface MessageBroker {
  /** Publishes; returns when the broker has it. */
  void publish(CallContext call, BrokerMessage message)
      throws MessagingException, CallException, InterruptedException;

  /** Publishes, and waits for the first answer. */
  BrokerMessage request(CallContext call, String subject, byte[] body, Duration timeout)
      throws MessagingException, CallException, InterruptedException;
}
