package io.wattle.providers;

import io.wattle.lattice.call.CallContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a provider holds for each of its links: for those it is the target of, what their source
 * uses by calling; for those it is the source of, what it does by itself until the link goes. Links
 * change by one thread at a time, and calls look theirs up from many.
 *
 * @param <T> what a source uses: it sees only what its own links name
 * @param <S> what is done for a link by itself, such as a subscription
 */
public final class LinkTable<T, S> {
  /** Who calls, and over which of its links. */
  private record Caller(String sourceId, String linkName) {}

  private final Consumer<S> end;
  private final Map<ProviderLink.Key, ProviderLink> links = new ConcurrentHashMap<>();
  private final Map<Caller, T> used = new ConcurrentHashMap<>();
  private final Map<ProviderLink.Key, S> done = new ConcurrentHashMap<>();

  /**
   * @param end called with what is no longer done, because the link is gone or became another one
   */
  public LinkTable(Consumer<S> end) {
    this.end = end;
  }

  /** Whether exactly this link is there. */
  public boolean has(ProviderLink link) {
    return link.equals(links.get(link.key()));
  }

  /** Its source uses this from now on. */
  public void use(ProviderLink link, T what) {
    used.put(new Caller(link.sourceId(), link.name()), what);
    links.put(link.key(), link);
  }

  /** This is done for it from now on, and what was done for it before has ended. */
  public void run(ProviderLink link, S what) {
    S before = done.put(link.key(), what);
    links.put(link.key(), link);
    if (before != null) {
      end.accept(before);
    }
  }

  /** Takes away what came with a link. An unknown one is ignored. */
  public void remove(ProviderLink.Key key) {
    if (links.remove(key) == null) {
      return;
    }
    S what = done.remove(key);
    if (what != null) {
      end.accept(what);
    } else {
      used.remove(new Caller(key.sourceId(), key.name()));
    }
  }

  /** What a caller uses over the link that the call came by; null when there is none any more. */
  public @Nullable T of(CallContext call) {
    return of(call, call.linkName());
  }

  /** What a caller uses over its link of this name; null when there is none. */
  public @Nullable T of(CallContext call, String linkName) {
    return used.get(new Caller(call.sourceId(), linkName));
  }

  /** What is done for links now. */
  public List<S> running() {
    return List.copyOf(done.values());
  }

  /** Ends what is done, and says what it was; sources may still use what is theirs. */
  public List<S> stop() {
    List<S> running = running();
    done.clear();
    running.forEach(end);
    return running;
  }

  /** Ends all. */
  public void clear() {
    var _ = stop();
    used.clear();
  }
}
