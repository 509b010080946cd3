package io.wattle.host.provider;

import io.wattle.host.link.ConfigTable;
import io.wattle.host.link.LatticeState;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.link.InterfaceName;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.Revocation;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before the functions of a provider: lets calls in whose link the provider has accepted. The news
 * of a link reaches hosts in any order, so for a call whose link is not known here the links are
 * read anew, and it waits a little; as long as it has time when the provider is at its link. A call
 * whose link has just been swapped for another is still let in for a while: it was on its way. One
 * whose link was taken away is refused at once. Counts the calls under way.
 */
final class ProviderGate {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderGate.class);

  /** What a caller's host and this one may differ in their news of a link. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final String provider;
  private final LatticeState state;
  private final Ticker ticker;
  private final Duration grace;
  private final CallHandler elsewhere;
  private final Map<ProviderLink.Key, ProviderLink> served = new ConcurrentHashMap<>();
  private final Map<ProviderLink.Key, String> refused = new ConcurrentHashMap<>();
  private final Map<ProviderLink.Key, Long> swappedAt = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private int underWay;
  private boolean shut;

  /**
   * @param grace how long calls by a link that was swapped for another are let in
   * @param elsewhere where calls go that come when the gate is shut
   */
  ProviderGate(
      String provider, LatticeState state, Ticker ticker, Duration grace, CallHandler elsewhere) {
    this.elsewhere = elsewhere;
    this.provider = provider;
    this.state = state;
    this.ticker = ticker;
    this.grace = grace;
  }

  /** The links the provider has accepted, those that were swapped among them. */
  Map<ProviderLink.Key, ProviderLink> served() {
    return Map.copyOf(served);
  }

  /** Links the provider did not accept, and why. */
  Map<ProviderLink.Key, String> refused() {
    return refused;
  }

  /** The provider has accepted a link, or has it still. */
  void serve(ProviderLink link) {
    served.put(link.key(), link);
    refused.remove(link.key());
    swappedAt.remove(link.key());
  }

  /** The provider does not serve a link; whether that is news. */
  boolean refuse(ProviderLink.Key key, String error) {
    served.remove(key);
    swappedAt.remove(key);
    boolean news = !error.equals(refused.put(key, error));
    return news;
  }

  /** A link is gone. */
  void forget(ProviderLink.Key key) {
    served.remove(key);
    refused.remove(key);
    swappedAt.remove(key);
  }

  /** Refusals of links that nobody wants any more are forgotten. */
  void retain(Set<ProviderLink.Key> wanted) {
    refused.keySet().retainAll(wanted);
  }

  /** A link leads elsewhere now; whether calls by it are let in still. */
  boolean lingers(ProviderLink.Key key) {
    long since = swappedAt.computeIfAbsent(key, k -> ticker.nanos());
    return ticker.nanos() - since < grace.toNanos();
  }

  /** Whether something is to be done later. */
  boolean isUnsettled() {
    return !refused.isEmpty() || !swappedAt.isEmpty();
  }

  /** The function behind the gate. */
  CallHandler guard(String instance, CallHandler function) {
    String linked = InterfaceName.linked(instance);
    return request -> {
      if (!enter()) {
        // It was on its way here when this one ended: nothing was done, and others may serve it.
        return elsewhere.handle(request);
      }
      try {
        admit(request.context(), linked);
        return function.handle(request);
      } finally {
        leave();
      }
    };
  }

  /**
   * Waits until no call is under way, at most until the deadline, and shuts: whoever comes now is
   * sent elsewhere. Whether all had ended.
   */
  boolean finish(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (underWay > 0 && !deadline.passed()) {
        idle.awaitNanos(Math.min(deadline.nanosLeft(), LOOK_NANOS * 10));
      }
      shut = true;
      return underWay == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Shuts at once, and forgets all links: there is nobody behind it. */
  void shut() {
    lock.lock();
    try {
      shut = true;
    } finally {
      lock.unlock();
    }
    served.clear();
    refused.clear();
    swappedAt.clear();
  }

  /** Lets calls in again. */
  void open() {
    lock.lock();
    try {
      shut = false;
    } finally {
      lock.unlock();
    }
  }

  private void admit(CallContext call, String instance) throws CallException, InterruptedException {
    @Nullable Deadline unknown = null;
    while (true) {
      switch (look(call, instance)) {
        case Verdict.In in -> {
          return;
        }
        case Verdict.Out(CallException why) -> throw why;
        case Verdict.NotYet(CallException why) -> pause(call.deadline(), why);
        case Verdict.Unknown(CallException why) -> {
          if (unknown == null) {
            readAgain(call.sourceId());
            unknown = call.deadline().atMost(PATIENCE);
          } else {
            pause(unknown, why);
          }
        }
      }
    }
  }

  /** The caller's host may know more than this one, or less. */
  private void readAgain(String source) throws InterruptedException {
    try {
      state.refresh(source);
    } catch (LatticeException e) {
      LOG.debug("the links of {} could not be read: {}", source, e.getMessage());
    }
  }

  private Verdict look(CallContext call, String instance) {
    String source = call.sourceId();
    Optional<Link> route = state.links().route(source, call.linkName(), instance);
    if (route.isPresent() && route.get().target().equals(provider)) {
      return look(route.get(), instance);
    }
    Optional<Revocation> revoked =
        route.isPresent()
            ? Optional.empty()
            : state.links().revoked(source, call.linkName(), instance);
    if (revoked.isPresent()) {
      return out(CallException.Kind.NOT_FOUND, Revocation.text(instance, revoked.get().by()));
    }
    if (hasLink(call, instance)) {
      return Verdict.In.IN; // it was swapped for another just now
    }
    return new Verdict.Unknown(
        route.isPresent()
            ? new CallException(
                CallException.Kind.NOT_FOUND,
                "the link from " + source + " leads to " + route.get().target() + " now")
            : Provider.notLinked(instance, source));
  }

  private Verdict look(Link link, String instance) {
    Optional<ConfigTable.Deleted> gone = state.configs().deleted(link.targetConfig());
    if (gone.isPresent()) {
      return out(CallException.Kind.NOT_FOUND, revoked(instance, gone.get()));
    }
    ProviderLink.Key key = WantedLinks.key(link);
    if (served.containsKey(key)) {
      return Verdict.In.IN;
    }
    String error = refused.get(key);
    return error == null
        ? new Verdict.NotYet(Provider.notLinked(instance, link.sourceId()))
        : out(
            CallException.Kind.FAILED,
            "link from " + link.sourceId() + " to " + provider + ": " + error);
  }

  /** What a user of a link is told whose config was deleted. */
  static String revoked(String instance, ConfigTable.Deleted config) {
    return Revocation.text(instance, config.by()) + " (config " + config.name() + " was deleted)";
  }

  private boolean hasLink(CallContext call, String instance) {
    return served.values().stream()
        .anyMatch(
            link ->
                link.target().equals(provider)
                    && link.sourceId().equals(call.sourceId())
                    && link.carries(call.linkName(), instance));
  }

  private static Verdict out(CallException.Kind kind, String text) {
    return new Verdict.Out(new CallException(kind, text));
  }

  private sealed interface Verdict {
    enum In implements Verdict {
      IN
    }

    record Out(CallException why) implements Verdict {}

    /** The link is there, and the provider is at it. */
    record NotYet(CallException why) implements Verdict {}

    /** No link that is known here leads to the provider: it may be news on its way. */
    record Unknown(CallException why) implements Verdict {}
  }

  private boolean enter() {
    lock.lock();
    try {
      if (shut) {
        return false;
      }
      underWay++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      underWay--;
      if (underWay == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The news of links does not wake anybody up: calls that come before their link are rare. */
  private static void pause(Deadline until, CallException late)
      throws CallException, InterruptedException {
    if (until.passed()) {
      throw late;
    }
    LockSupport.parkNanos(Math.min(LOOK_NANOS, Math.max(1, until.nanosLeft())));
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
