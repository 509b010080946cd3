package io.wattle.providers.process;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.link.InterfaceLinkDefinition;
import io.wattle.lattice.link.InterfaceName;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of a provider's process: those it has accepted and those it has not. Lets calls in and
 * out by them; a call that comes before its link waits for it a little, and as long as it has time
 * when the link is known and the provider is at it.
 */
final class LinkDesk {
  private static final Logger LOG = LoggerFactory.getLogger(LinkDesk.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final String id;
  private final Duration patience;

  /** What was begun with and is still to be put. */
  private final Map<ProviderLink.Key, ProviderLink> expected = new ConcurrentHashMap<>();

  private final Map<ProviderLink.Key, ProviderLink> served = new ConcurrentHashMap<>();
  private final Map<ProviderLink.Key, String> refused = new ConcurrentHashMap<>();

  LinkDesk(String id) {
    this(id, PATIENCE);
  }

  LinkDesk(String id, Duration patience) {
    this.id = id;
    this.patience = patience;
  }

  /** A link will be put, or fail to be, soon. */
  void expect(InterfaceLinkDefinition definition) {
    ProviderLink link = ProviderLink.of(definition);
    expected.put(link.key(), link);
  }

  /** A link is there or has changed; one the provider refuses is remembered with its reason. */
  void put(Provider provider, InterfaceLinkDefinition definition) throws InterruptedException {
    ProviderLink link = ProviderLink.of(definition);
    try {
      if (link.equals(served.get(link.key()))) {
        return; // hosts tell it more than once
      }
      provider.putLink(link);
      served.put(link.key(), link);
      refused.remove(link.key());
    } catch (LinkException | RuntimeException e) {
      served.remove(link.key());
      refused.put(link.key(), String.valueOf(e.getMessage()));
      LOG.warn("link {} -> {} failed: {}", link.sourceId(), link.target(), e.getMessage());
    } finally {
      expected.remove(link.key());
    }
  }

  /** Tries the refused links again, as hosts do. */
  void again(Provider provider, Iterable<InterfaceLinkDefinition> told)
      throws InterruptedException {
    for (InterfaceLinkDefinition definition : told) {
      if (refused.containsKey(ProviderLink.of(definition).key())) {
        put(provider, definition);
      }
    }
  }

  /** A link is gone. */
  void delete(Provider provider, InterfaceLinkDefinition definition) throws InterruptedException {
    ProviderLink.Key key = ProviderLink.of(definition).key();
    refused.remove(key);
    if (served.remove(key) != null) {
      provider.deleteLink(key);
    }
  }

  /** Why some link is not served. */
  Optional<String> problem() {
    return refused.entrySet().stream()
        .map(entry -> "link from " + entry.getKey().sourceId() + ": " + entry.getValue())
        .findFirst();
  }

  /** A function of the provider, for callers that are linked. */
  CallHandler guard(String instance, CallHandler function) {
    String linked = InterfaceName.linked(instance);
    return request -> {
      admit(request.context(), linked);
      return function.handle(request);
    };
  }

  /** The provider's way out: to the targets of its links, under its own name. */
  CallHandler out(CallHandler lattice) {
    return request -> out(lattice, request);
  }

  private CallReply out(CallHandler lattice, CallRequest request)
      throws CallException, InterruptedException {
    CallContext given = request.context();
    String instance = InterfaceName.linked(request.target().instance());
    boolean allowed =
        served.values().stream()
            .anyMatch(
                link ->
                    link.sourceId().equals(id)
                        && link.target().equals(request.target().id())
                        && link.carries(link.name(), instance));
    if (!allowed) {
      throw new CallException(
          CallException.Kind.NOT_FOUND,
          "no link from " + id + " to " + request.target().id() + " for " + instance);
    }
    CallContext own = new CallContext(id, given.linkName(), given.deadline(), given.headers());
    return lattice.handle(
        new CallRequest(request.target(), own, request.parameters(), request.async()));
  }

  private void admit(CallContext call, String instance) throws CallException, InterruptedException {
    Deadline unknown = call.deadline().atMost(patience);
    while (!has(served, call, instance)) {
      Optional<String> error = refusal(call);
      if (error.isPresent()) {
        throw new CallException(
            CallException.Kind.FAILED,
            "link from " + call.sourceId() + " to " + id + ": " + error.get());
      }
      Deadline until = has(expected, call, instance) ? call.deadline() : unknown;
      if (until.passed()) {
        throw Provider.notLinked(instance, call.sourceId());
      }
      LockSupport.parkNanos(Math.min(LOOK_NANOS, Math.max(1, until.nanosLeft())));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private boolean has(
      Map<ProviderLink.Key, ProviderLink> links, CallContext call, String instance) {
    return links.values().stream()
        .anyMatch(
            link ->
                link.target().equals(id)
                    && link.sourceId().equals(call.sourceId())
                    && link.carries(call.linkName(), instance));
  }

  private Optional<String> refusal(CallContext call) {
    return refused.entrySet().stream()
        .filter(entry -> entry.getKey().sourceId().equals(call.sourceId()))
        .filter(entry -> entry.getKey().name().equals(call.linkName()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
