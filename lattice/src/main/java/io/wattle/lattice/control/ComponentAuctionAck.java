package io.wattle.lattice.control;

import java.util.Map;

/**
 * A host's bid. A wasmCloud 1.9.2 host writes the reference into {@code componentId}: key on {@code
 * hostId} (section 2.6).
 */
public record ComponentAuctionAck(
    String componentRef, String componentId, String hostId, Map<String, String> constraints) {
  public ComponentAuctionAck {
    componentRef = Defaults.text(componentRef);
    componentId = Defaults.text(componentId);
    hostId = Defaults.required("host_id", hostId);
    constraints = Defaults.map(constraints);
  }

  /** The bid of {@code hostId} on {@code auction}. */
  public static ComponentAuctionAck of(ComponentAuction auction, String hostId) {
    return new ComponentAuctionAck(
        auction.componentRef(), auction.componentId(), hostId, auction.constraints());
  }
}
