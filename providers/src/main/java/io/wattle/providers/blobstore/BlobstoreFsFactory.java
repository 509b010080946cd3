package io.wattle.providers.blobstore;

import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderFactory;

/** Starts blobstores in directories. */
public final class BlobstoreFsFactory implements ProviderFactory {
  @Override
  public String kind() {
    return "blobstore-fs";
  }

  @Override
  public Provider start(ProviderContext context) {
    return new BlobstoreFs(context);
  }
}
