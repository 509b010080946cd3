package io.wattle.lattice;

/** Something that goes on until it is closed. Closing twice is allowed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
