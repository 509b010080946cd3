package io.wattle.controlplane.plan;

import java.util.Collection;
import java.util.Locale;

/**
 * How something stands; declared by precedence, the first one of several parts is that of the
 * whole.
 */
public enum StatusType {
  /** It could not be done; it is tried again. */
  FAILED,
  /** Nothing of it is wanted, nothing of it is there. */
  UNDEPLOYED,
  /** It cannot be begun yet. */
  WAITING,
  /** Under way. */
  RECONCILING,
  /** It is there, but does not work as it should. */
  UNHEALTHY,
  /** As wanted. */
  DEPLOYED;

  /** The status of a whole; no parts are undeployed. */
  public static StatusType fold(Collection<StatusType> parts) {
    return parts.stream().min(StatusType::compareTo).orElse(UNDEPLOYED);
  }

  /** As it is written on the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
