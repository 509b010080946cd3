package io.wattle.providers.redis;

import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderFactory;

/** Starts key-value stores on Redis. */
public final class KeyValueRedisFactory implements ProviderFactory {
  @Override
  public String kind() {
    return "keyvalue-redis";
  }

  @Override
  public Provider start(ProviderContext context) throws LinkException {
    return new KeyValueRedis(context);
  }
}
