package io.wattle.providers.messaging;

import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderFactory;

/** Starts message brokers on NATS. */
public final class MessagingNatsFactory implements ProviderFactory {
  @Override
  public String kind() {
    return "messaging-nats";
  }

  @Override
  public Provider start(ProviderContext context) {
    return new MessagingNats(context);
  }
}
