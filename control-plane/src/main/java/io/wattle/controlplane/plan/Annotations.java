package io.wattle.controlplane.plan;

import java.util.Map;

/**
 * The annotations by which a control plane knows what is its own (wadm's names: hosts and tools
 * read them).
 */
public final class Annotations {
  /** Who manages the resource. */
  public static final String MANAGED_BY = "wasmcloud.dev/managed-by";

  /** Value of {@link #MANAGED_BY}. */
  public static final String MANAGER = "wadm";

  /** The application; hosts read it to resolve secrets. */
  public static final String APPLICATION = "wasmcloud.dev/appspec";

  /** What the resource was made from: it changes with image and config names, not with counts. */
  public static final String SCALER = "wasmcloud.dev/scaler";

  /** The spread entry a component or provider belongs to. */
  public static final String SPREAD = "wasmcloud.dev/spread_name";

  private Annotations() {}

  static Map<String, String> of(String application, String scaler, String spread) {
    return Map.of(MANAGED_BY, MANAGER, APPLICATION, application, SCALER, scaler, SPREAD, spread);
  }

  static boolean owns(String application, Map<String, String> annotations) {
    return MANAGER.equals(annotations.get(MANAGED_BY))
        && application.equals(annotations.get(APPLICATION));
  }
}
