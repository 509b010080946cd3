package io.wattle.host.call;

import io.wattle.host.watch.Spies;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallReports;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.wrpc.WrpcServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shortest way of a call that keeps its meaning: a target in this process is called directly,
 * on the caller's thread, everything else over the lattice. Either way the callee works on copies,
 * and errors, deadlines and cancellation are the same.
 */
public final class CallRouter implements CallHandler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallRouter.class);
  private static final Duration FLUSH = Duration.ofSeconds(5);

  private final Map<CallTarget, CallHandler> local = new ConcurrentHashMap<>();
  private final LatticeConnection connection;
  private final WrpcServer server;
  private final CallHandler remote;
  private final LocalCalls calls;
  private final Spies spies;

  /**
   * Routes between this process and the lattice.
   *
   * @param connection that of the server
   * @param server where what is here is offered to others
   * @param remote the way to what is not here
   * @param reports hears of calls within this process
   * @param spies note the calls that somebody watches
   */
  public CallRouter(
      LatticeConnection connection,
      WrpcServer server,
      CallHandler remote,
      CallReports reports,
      Spies spies) {
    this.connection = connection;
    this.server = server;
    this.remote = remote;
    this.calls = new LocalCalls(reports);
    this.spies = spies;
  }

  @Override
  public CallReply handle(CallRequest request) throws CallException, InterruptedException {
    CallHandler here = local.get(request.target());
    return here == null
        ? spies.call(Spies.Path.OUT, request, remote)
        : spies.call(Spies.Path.IN_PROCESS, request, asked -> calls.call(here, asked));
  }

  /** Nobody may call any more. */
  @Override
  public void close() {
    calls.close();
  }

  /** Waits until the server knows what is offered; if it cannot be asked, it learns it later. */
  public void flush() throws InterruptedException {
    try {
      connection.flush(FLUSH);
    } catch (LatticeException e) {
      LOG.warn("{}; what is offered here is announced when it is back", e.getMessage());
    }
  }

  /** What {@code id} offers, nothing at first. */
  public Offers offers(String id) {
    return new Offers(id);
  }

  /** The functions of one entity, in this process and on the lattice. Closing takes them back. */
  public final class Offers implements AutoCloseable {
    private final String id;
    private final Map<CallTarget, Served> served = new HashMap<>();

    private Offers(String id) {
      this.id = id;
    }

    /**
     * Offers these, and those no more that are not among them. One that was offered before goes on
     * without a gap, by its new handler.
     */
    public synchronized void set(List<Offer> offers) {
      Set<CallTarget> wanted = new HashSet<>();
      for (Offer offer : offers) {
        CallTarget target = new CallTarget(id, offer.instance(), offer.function());
        wanted.add(target);
        local.put(target, offer.handler());
        Served known = served.get(target);
        if (known == null) {
          served.put(target, serve(offer));
        } else {
          known.handler = offer.handler();
        }
      }
      served.entrySet().removeIf(entry -> !wanted.contains(entry.getKey()) && revoke(entry));
    }

    @Override
    public synchronized void close() {
      served.entrySet().removeIf(this::revoke);
    }

    private Served serve(Offer offer) {
      Served function = new Served(offer.handler());
      function.subscription =
          server.serve(
              id,
              offer.instance(),
              offer.function(),
              offer.shapes(),
              request -> spies.call(Spies.Path.IN, request, function.handler));
      return function;
    }

    private boolean revoke(Map.Entry<CallTarget, Served> entry) {
      // What NATS had handed out before still comes, to the handler that was the last.
      entry.getValue().subscription.close();
      local.remove(entry.getKey());
      return true;
    }
  }

  /** A function that others may call. */
  private static final class Served {
    private volatile CallHandler handler;
    private Subscription subscription = () -> {};

    Served(CallHandler handler) {
      this.handler = handler;
    }
  }
}
