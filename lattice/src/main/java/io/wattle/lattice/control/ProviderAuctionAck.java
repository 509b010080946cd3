package io.wattle.lattice.control;

import java.util.Map;

/** A host's bid (section 2.6). */
public record ProviderAuctionAck(
    String providerRef, String providerId, String hostId, Map<String, String> constraints) {
  public ProviderAuctionAck {
    providerRef = Defaults.text(providerRef);
    providerId = Defaults.text(providerId);
    hostId = Defaults.required("host_id", hostId);
    constraints = Defaults.map(constraints);
  }

  /** The bid of {@code hostId} on {@code auction}. */
  public static ProviderAuctionAck of(ProviderAuction auction, String hostId) {
    return new ProviderAuctionAck(
        auction.providerRef(), auction.providerId(), hostId, auction.constraints());
  }
}
