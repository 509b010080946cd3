package io.wattle.runtime.abi;

import io.wattle.wit.type.ValueType;

/**
 * A stream or future between its two ends: what moves when a readable end is passed on
 * (CanonicalABI.md, {@code SharedStreamImpl}, {@code SharedFutureImpl}).
 */
public interface Passage {
  /** Makes the readable end that a component instance gets. */
  ReadableEnd readable();

  /** An end that can be passed on. */
  interface ReadableEnd extends TableEntry {
    /**
     * Checks that it may leave its instance as a value of this type, a stream's or future's.
     *
     * @return what its new owner gets an end of
     */
    Passage passOn(ValueType type);
  }
}
