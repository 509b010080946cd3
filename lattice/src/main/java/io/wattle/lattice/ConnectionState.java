package io.wattle.lattice;

/** Whether NATS is there. */
public enum ConnectionState {
  /** Connected. */
  CONNECTED,
  /** The connection broke; it is tried again for ever. */
  LOST,
  /** Closed by us. */
  CLOSED
}
