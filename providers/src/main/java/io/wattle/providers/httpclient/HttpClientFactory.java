package io.wattle.providers.httpclient;

import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderFactory;

/** Starts HTTP clients for components. */
public final class HttpClientFactory implements ProviderFactory {
  @Override
  public String kind() {
    return "http-client";
  }

  @Override
  public Provider start(ProviderContext context) throws LinkException {
    return new HttpClientProvider(context);
  }
}
