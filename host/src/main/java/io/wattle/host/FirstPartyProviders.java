package io.wattle.host;

import io.wattle.providers.ProviderFactory;
import io.wattle.providers.blobstore.BlobstoreFsFactory;
import io.wattle.providers.http.HttpServerFactory;
import io.wattle.providers.httpclient.HttpClientFactory;
import io.wattle.providers.keyvalue.KeyValueNatsFactory;
import io.wattle.providers.messaging.MessagingNatsFactory;
import io.wattle.providers.redis.KeyValueRedisFactory;
import java.util.List;

/** The providers that come with Wattle. */
public final class FirstPartyProviders {
  private FirstPartyProviders() {}

  /** One factory for each kind. */
  public static List<ProviderFactory> all() {
    return List.of(
        new HttpServerFactory(),
        new HttpClientFactory(),
        new KeyValueNatsFactory(),
        new KeyValueRedisFactory(),
        new MessagingNatsFactory(),
        new BlobstoreFsFactory());
  }
}
