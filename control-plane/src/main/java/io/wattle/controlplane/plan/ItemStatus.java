package io.wattle.controlplane.plan;

import org.jspecify.annotations.Nullable;

/**
 * How one part of an application stands.
 *
 * @param id the scaler's id
 * @param kind {@code SpreadScaler}, {@code DaemonScaler}, {@code LinkScaler}
 * @param name as wadm's clients show it
 * @param what what it is
 * @param wanted how many are wanted: instances, hosts of a provider, 1 for a link
 * @param actual how many are there as wanted
 * @param message empty when there is nothing to say
 */
public record ItemStatus(
    String id,
    String kind,
    String name,
    Subject what,
    StatusType type,
    String message,
    long wanted,
    long actual) {
  /** What has a status. */
  public enum Subject {
    COMPONENT,
    PROVIDER,
    LINK;

    /** As it is written on the wire. */
    public String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Subject of(DesiredItem.WorkloadType type) {
      return switch (type) {
        case COMPONENT -> COMPONENT;
        case PROVIDER -> PROVIDER;
      };
    }
  }

  /** The message, null when there is none. */
  public @Nullable String messageOrNull() {
    return message.isEmpty() ? null : message;
  }
}
