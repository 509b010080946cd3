package io.wattle.providers.watch;

/** What can happen to a key. */
public enum Change {
  /** It got a value. */
  SET,
  /** It is gone. */
  DEL
}
