package io.wattle.providers.http;

import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderFactory;

/** Starts HTTP servers. */
public final class HttpServerFactory implements ProviderFactory {
  @Override
  public String kind() {
    return "http-server";
  }

  @Override
  public Provider start(ProviderContext context) throws LinkException, InterruptedException {
    return new HttpServerProvider(context);
  }

  /** Takes over the listening sockets and the requests under way. */
  @Override
  public Provider succeed(Provider before, ProviderContext context)
      throws LinkException, InterruptedException {
    return before instanceof HttpServerProvider server
        ? new HttpServerProvider(context, server)
        : start(context);
  }
}
