package io.wattle.lattice.messaging;

import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import java.util.Optional;

/**
 * A message.
 *
 * @param subject where it was or is to be published
 * @param body shared, not copied
 * @param replyTo where an answer is expected
 */
public record BrokerMessage(String subject, byte[] body, Optional<String> replyTo) {
  void write(ValueEncoder encoder) {
    encoder.string(subject);
    encoder.bytes(body, 0, body.length);
    encoder.option(replyTo.isPresent());
    replyTo.ifPresent(encoder::string);
  }

  static BrokerMessage read(ValueDecoder decoder) {
    String subject = decoder.string();
    byte[] body = decoder.bytes();
    return new BrokerMessage(
        subject, body, decoder.option() ? Optional.of(decoder.string()) : Optional.empty());
  }
}
