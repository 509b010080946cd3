package io.wattle.lattice.control;

import java.util.Map;

/**
 * Who could run this provider? (section 2.6)
 *
 * @param constraints labels a host must have, exactly
 */
public record ProviderAuction(
    String providerRef, String providerId, Map<String, String> constraints) {
  public ProviderAuction {
    providerRef = Defaults.text(providerRef);
    providerId = Defaults.required("provider_id", providerId);
    constraints = Defaults.map(constraints);
  }
}
