package io.wattle.providers;

import io.wattle.lattice.call.CallException;
import java.util.List;

/**
 * A running capability provider. The host calls {@link #putLink}, {@link #deleteLink} and {@link
 * #updateConfig} one at a time, and exported functions from many threads at once.
 */
public interface Provider extends AutoCloseable {
  /** The functions components may call over a link to this provider. Constant. */
  List<ProviderExport> exports();

  /**
   * A link with this provider as source or target is there or has changed: a put with the identity
   * of an earlier one replaces it, and putting the same again changes nothing.
   *
   * @throws LinkException when the link cannot be served; the message says why and what to do
   */
  void putLink(ProviderLink link) throws LinkException, InterruptedException;

  /** A link is gone: what came with it is revoked before this returns. Unknown ones are ignored. */
  void deleteLink(ProviderLink.Key key) throws InterruptedException;

  /** The provider's own configuration changed. */
  void updateConfig(java.util.Map<String, String> config) throws InterruptedException;

  /** Whether it can do its work now; the message says why not. Empty when healthy. */
  java.util.Optional<String> problem();

  /**
   * Why it can never work again and has to be started anew, as when a thread it needs has ended;
   * empty while it lives, however unwell. Must not block.
   */
  default java.util.Optional<String> dead() {
    return java.util.Optional.empty();
  }

  /**
   * One that {@link ProviderFactory#succeed succeeds} another has been told its links, and serves
   * from now on; the other one is closed when what it does is finished.
   */
  default void takeOver() throws InterruptedException {}

  /** Addresses people can reach it at now: {@code http://127.0.0.1:8080/}. */
  default List<String> endpoints() {
    return List.of();
  }

  /**
   * Stops accepting, lets what runs finish until the context's drain time is over, and gives
   * everything back.
   */
  @Override
  void close();

  /** The error a function answers with when its caller has no link (any more). */
  static CallException notLinked(String interfaceName, String source) {
    return new CallException(
        CallException.Kind.NOT_FOUND,
        "no link for " + interfaceName + " from " + source + " to this provider");
  }
}
