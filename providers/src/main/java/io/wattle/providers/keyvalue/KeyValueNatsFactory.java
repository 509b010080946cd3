package io.wattle.providers.keyvalue;

import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderFactory;

/** Starts key-value stores on JetStream. */
public final class KeyValueNatsFactory implements ProviderFactory {
  @Override
  public String kind() {
    return "keyvalue-nats";
  }

  @Override
  public Provider start(ProviderContext context) {
    return new KeyValueNats(context);
  }
}
