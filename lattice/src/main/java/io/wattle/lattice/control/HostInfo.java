package io.wattle.lattice.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A host's answer to a ping (section 2.3).
 *
 * @param id public nkey, {@code N...}
 * @param friendlyName for people
 * @param uptimeSeconds since the process started
 * @param uptimeHuman {@code 1h 2m 3s}
 * @param version of the host, plain semver
 * @param rpcHost URL of the server for calls
 * @param ctlHost URL of the server for control
 * @param jsDomain JetStream domain
 */
public record HostInfo(
    String id,
    String friendlyName,
    String lattice,
    Map<String, String> labels,
    long uptimeSeconds,
    @Nullable String uptimeHuman,
    @Nullable String version,
    @Nullable String rpcHost,
    @Nullable String ctlHost,
    @Nullable String jsDomain) {
  public HostInfo {
    id = Defaults.text(id);
    friendlyName = Defaults.text(friendlyName);
    lattice = Defaults.text(lattice);
    labels = Defaults.map(labels);
  }
}
