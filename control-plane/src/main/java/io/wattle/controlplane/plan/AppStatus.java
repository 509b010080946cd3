package io.wattle.controlplane.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an application stands.
 *
 * @param version the deployed version, null when it is being removed or gone
 * @param deployment the {@link DesiredApp#deployment()} this is about
 * @param clean whether nothing of earlier versions is left
 */
public record AppStatus(
    String app,
    @Nullable String version,
    long deployment,
    StatusType type,
    String message,
    List<ItemStatus> items,
    boolean clean) {
  public AppStatus {
    items = List.copyOf(items);
  }
}
